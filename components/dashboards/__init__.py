"""What people look at: dashboards generated from typed panels, each panel only where its series exist."""
