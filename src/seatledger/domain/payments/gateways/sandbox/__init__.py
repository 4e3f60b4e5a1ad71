"""The gateway that is built in: it charges nobody, and takes the test numbers of `numbers` alone."""
