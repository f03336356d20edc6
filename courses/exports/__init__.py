"""Questions of a bank as files of other systems; what is written is read back equal."""
