"""The outside: who moves money for us. One interface (`interface`), one file or folder for each gateway."""
