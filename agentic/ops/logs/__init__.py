"""What a tenant's pods wrote, out of CloudWatch and for that tenant only."""
