"""Papers: what a certificate of deletion looks like as PDF. Everything here is a pure function of the certificate."""
