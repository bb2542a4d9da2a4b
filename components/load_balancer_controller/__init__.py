"""AWS load balancers for Services and Ingresses, in clusters that do not run Auto Mode."""
