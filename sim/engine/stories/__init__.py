"""Stories, once for both engines: what a worker, a vacancy, a child ... waits for."""
