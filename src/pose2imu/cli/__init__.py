"""The command `pose2imu`: one module a subcommand, each a thin layer over functions that a program can call."""
