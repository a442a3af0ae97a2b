"""What is measured: the indicators I1 to I15 as versioned data, and the pure rules that evaluate courses of cases."""
