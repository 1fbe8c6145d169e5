package dev.carryover.cli;

import static java.util.Objects.requireNonNull;

import dev.carryover.config.ConfigException;
import dev.carryover.session.SessionUnavailableException;
import dev.carryover.store.SessionStoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command line of the self-contained jars. Their users need no other file. */
@Command(
    name = "java -jar carryover-<version>-all.jar",
    description =
        "Sessions that carry over: puts Carryover into web applications and looks after it.",
    scope = CommandLine.ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      InstallCommand.class,
      UninstallCommand.class,
      DoctorCommand.class,
      SessionsCommand.class,
      TwinCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, or nothing to do",
      "1:could not be done, nothing was changed; the message says why",
      "2:wrong usage"
    })
public final class Main {

  private static final int FAILED = 1;

  private Main() {}

  /** Runs a command and ends with its exit code. */
  public static void main(String[] args) {
    // Whatever a library has to say is said again in the command's own words.
    Logger.getLogger("").setLevel(Level.OFF);
    System.exit(commandLine().execute(args));
  }

  /** The commands, with nothing printed yet. */
  static CommandLine commandLine() {
    CommandLine line =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((e, command, parsed) -> explain(e, command));
    CommandLine sessions = requireNonNull(line.getSubcommands().get("sessions"));
    for (String command : List.of("show", "end")) {
      takeDashes(requireNonNull(sessions.getSubcommands().get(command)));
    }
    return line;
  }

  /** One id in 64 begins with a dash; so the command has no short options. */
  private static void takeDashes(CommandLine command) {
    command.setUnmatchedOptionsArePositionalParams(true);
    CommandSpec spec = command.getCommandSpec();
    for (String name : List.of("-h", "-V")) {
      OptionSpec option = requireNonNull(spec.findOption(name));
      spec.remove(option);
      spec.addOption(OptionSpec.builder(option).names(option.longestName()).build());
    }
  }

  /** What a command prints to. */
  static PrintWriter out(@Nullable CommandSpec spec) {
    return requireNonNull(spec).commandLine().getOut();
  }

  private static int explain(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    if (e instanceof UserError || e instanceof ConfigException) {
      err.println(e.getMessage());
    } else if (e instanceof SessionStoreException || e instanceof SessionUnavailableException) {
      err.println(e.getMessage() + "; the command doctor tells more");
    } else if (e instanceof NoSuchFileException) {
      err.println(e.getMessage() + " does not exist");
    } else if (e instanceof AccessDeniedException) {
      err.println(e.getMessage() + " may not be read or written by this user");
    } else if (e instanceof FileSystemException) {
      err.println(e.getMessage() + " (is it in use?)");
    } else if (e instanceof IOException) {
      err.println("Reading or writing failed: " + e.getMessage());
    } else {
      err.println("This should not have happened, please report it: " + e);
    }
    return command.getCommand() instanceof DoctorCommand ? DoctorCommand.WRONG : FAILED;
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"Carryover " + (version == null ? "(not packaged)" : version)};
    }
  }
}
