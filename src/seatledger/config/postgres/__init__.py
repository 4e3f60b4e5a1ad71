"""The database that comes with Seatledger: a real PostgreSQL server, started when it is first needed."""
