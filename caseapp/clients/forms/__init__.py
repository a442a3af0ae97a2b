"""Forms of the client file: intake, master data, histories, household, lists of people and offices."""
