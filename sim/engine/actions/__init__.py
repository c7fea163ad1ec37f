"""What happens, once for both engines: plain functions of rows, which never wait."""
