"""Partners of the district: authorities, landlords and their dwellings, volunteers, associations, schools."""
