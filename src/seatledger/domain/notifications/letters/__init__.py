"""From a message to the e-mail it stands for: its content, its words, its page, and the way to the mail server."""
