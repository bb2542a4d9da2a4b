"""Tenants: one namespace each, which cannot outgrow its quota or reach its neighbours."""
