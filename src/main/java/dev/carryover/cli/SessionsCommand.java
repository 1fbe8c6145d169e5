package dev.carryover.cli;

import picocli.CommandLine.Command;

@Command(
    name = "sessions",
    description = {
      "Counts, lists, shows and ends the sessions in Redis.",
      "It is configured like a web application: by -Dcarryover.redis.url=... before -jar, the"
          + " environment (CARRYOVER_SECRET for sealed sessions), and what is in the --war.",
      "Of ids only the beginning is shown, because whoever has an id has the session; it is enough"
          + " for show and end."
    },
    subcommands = {
      CountCommand.class,
      ListCommand.class,
      ShowCommand.class,
      EndCommand.class,
      StatsCommand.class
    })
final class SessionsCommand {}
