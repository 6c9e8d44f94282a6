using System.CommandLine;
using System.Globalization;
using PaimonSharp.Cdc.Sync;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp sync</c>: mirrors a server, or binlog files, into tables.</summary>
internal sealed class SyncCommand
{
    private readonly Option<string[]> _source = new("--source")
    {
        Description = "mysql://user@host:port/database, or binlog files in order (plain or .gz), or a folder of them",
        HelpName = "url|file...",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _warehouse = TableOptionsSet.WarehouseOption();

    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        Description = "File that holds the password; else PAIMONSHARP_PASSWORD, else a prompt",
        HelpName = "file",
    };

    private readonly Option<string[]> _tables = new("--tables")
    {
        Description = "Only tables that match a pattern such as shop.*; may be repeated",
        HelpName = "pattern",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "No tables that match a pattern; may be repeated",
        HelpName = "pattern",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _requirePrimaryKey = new("--require-primary-key")
    {
        Description = "Fail when a table has no primary key instead of leaving it out",
    };

    private readonly Option<string[]> _typeMapping = new("--type-mapping")
    {
        Description = "tinyint1-not-bool, to-nullable, to-string, char-to-string, longtext-to-bytes, bigint-unsigned-to-bigint, " +
            "time-to-string, zero-date=error|null|epoch; may be repeated",
        HelpName = "switch",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _tableOption = new("--table-option")
    {
        Description = "An option of the tables that are created, such as bucket=4; may be repeated",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _job = new("--job")
    {
        Description = "The job's name, by which it finds its positions again",
        HelpName = "name",
        DefaultValueFactory = _ => SyncOptions.DefaultJob,
    };

    private readonly Option<uint> _serverId = new("--server-id")
    {
        Description = "The replica's server id; a random one by default",
        HelpName = "n",
    };

    private readonly Option<string> _commitInterval = new("--commit-interval")
    {
        Description = "How long rows wait at most before they are committed, such as 500ms or 2s",
        HelpName = "time",
        DefaultValueFactory = _ => "1s",
    };

    private readonly Option<int> _memory = new("--write-buffer")
    {
        Description = "MiB of rows that all tables together hold in memory before they are flushed",
        HelpName = "mib",
        DefaultValueFactory = _ => 256,
    };

    private readonly Option<bool> _once = new("--once")
    {
        Description = "End when the binlog's end as of the start has been reached",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    private readonly Terminal _terminal;

    private SyncCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        foreach (var option in (Option[])[
            _source, _warehouse, _passwordFile, _tables, _exclude, _requirePrimaryKey, _typeMapping, _tableOption, _job, _serverId,
            _commitInterval, _memory, _once, _json])
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
    }

    public static Command Build(Terminal terminal)
    {
        var command = new Command(
            "sync",
            """
            Mirror a MySQL or MariaDB server into tables: a consistent snapshot of every table with a primary key, then the
            binlog, until Ctrl-C. A second run goes on exactly where the first one stopped.

            Examples:
              paimonsharp sync --source mysql://cdc@127.0.0.1:3306/shop --warehouse ./warehouse
              paimonsharp sync --source 'mysql://cdc@db.example.com/shop?ssl-ca=ca.pem' --tables 'shop.order*'
              paimonsharp sync --source binlog.000001 binlog.000002 --warehouse ./warehouse
            """);
        _ = new SyncCommand(terminal, command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = ReadOptions(parsed);
        var warehouse = TableOptionsSet.WarehouseOf(parsed.GetValue(_warehouse), _terminal);
        var sources = parsed.GetRequiredValue(_source);
        OptionWarnings.Write(_terminal, OptionWarnings.Of(options.TableOptions, new TableOptions(options.TableOptions)));
        var progress = new SyncProgressPrinter(_terminal, parsed.GetValue(_json));
        var isUrl = sources.Any(source => source.Contains("://", StringComparison.Ordinal));
        if (isUrl && sources.Length > 1)
        {
            PaimonException.ThrowInvalid("--source takes one URL, or binlog files.");
        }

        var catalog = await Catalog.OpenAsync(warehouse, null, cancellationToken).ConfigureAwait(false);
        var job = isUrl
            ? SyncJob.FromServer(WithPassword(MySqlUrl.Parse(sources[0]), parsed.GetValue(_passwordFile)), catalog, options)
            : SyncJob.FromFiles(BinlogFiles.Find(sources), catalog, options);
        job.StatusChanged += progress.Show;
        job.Warned += progress.Warn;
        var result = await job.RunAsync(cancellationToken).ConfigureAwait(false);
        progress.End(result);
        return result.StoppedTables.Count > 0 ? ExitCode.Unsupported
            : cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private SyncOptions ReadOptions(ParseResult parsed) => new()
    {
        Job = parsed.GetRequiredValue(_job),
        Include = parsed.GetRequiredValue(_tables),
        Exclude = parsed.GetRequiredValue(_exclude),
        RequirePrimaryKey = parsed.GetValue(_requirePrimaryKey),
        TypeMapping = ReadTypeMapping(parsed.GetRequiredValue(_typeMapping)),
        TableOptions = KeyValues.Parse(parsed.GetRequiredValue(_tableOption), "--table-option"),
        CommitInterval = Duration.Parse(parsed.GetRequiredValue(_commitInterval), "--commit-interval"),
        ServerId = parsed.GetValue(_serverId),
        WriteBufferBytes = WriteBufferBytes(parsed),
        StopAtEnd = parsed.GetValue(_once),
    };

    // Write buffers are half of a budget.
    private long WriteBufferBytes(ParseResult parsed)
    {
        var budget = _terminal.Environment(TableOptionsSet.MemoryVariable);
        return budget is null || parsed.GetResult(_memory) is { Implicit: false }
            ? (long)parsed.GetValue(_memory) << 20
            : new TableOptions(new Dictionary<string, string> { [TableOptionsSet.MemoryVariable] = budget })
                .GetSize(TableOptionsSet.MemoryVariable, 0) / 2;
    }

    private static TypeMappingOptions ReadTypeMapping(IEnumerable<string> switches)
    {
        var options = TypeMappingOptions.Default;
        foreach (var text in switches.SelectMany(item => item.Split(',', StringSplitOptions.TrimEntries)))
        {
            options = text switch
            {
                "to-string" => options with { ToText = true },
                "tinyint1-not-bool" => options with { TinyInt1NotBool = true },
                "to-nullable" => options with { ToNullable = true },
                "char-to-string" => options with { CharToString = true },
                "longtext-to-bytes" => options with { LongTextToBytes = true },
                "bigint-unsigned-to-bigint" => options with { BigIntUnsignedToBigInt = true },
                "time-to-string" => options with { TimeToString = true },
                "zero-date=null" => options with { ZeroDate = ZeroDatePolicy.Null },
                "zero-date=error" => options with { ZeroDate = ZeroDatePolicy.Error },
                "zero-date=epoch" => options with { ZeroDate = ZeroDatePolicy.Epoch },
                _ => throw new PaimonException(
                    ErrorKind.Invalid, $"--type-mapping '{text}': there is no such switch; see 'paimonsharp sync --help'."),
            };
        }

        return options;
    }

    private MySqlConnectionOptions WithPassword(MySqlConnectionOptions options, string? passwordFile)
    {
        if (passwordFile is not null)
        {
            return options with { Password = new Secret(ReadPasswordFile(passwordFile)) };
        }

        if (!options.Password.IsEmpty)
        {
            _terminal.Error.WriteLine(
                "warning: everybody on this machine can read a password on the command line; "
                + "PAIMONSHARP_PASSWORD, --password-file or the prompt keep it private.");
            return options;
        }

        var password = _terminal.Environment("PAIMONSHARP_PASSWORD")
            ?? _terminal.AskPassword(string.Create(CultureInfo.InvariantCulture, $"Password of {options.User} at {options.Endpoint}: "));
        return password is null ? options : options with { Password = new Secret(password) };
    }

    private static string ReadPasswordFile(string path)
    {
        try
        {
            return UserFiles.ReadText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaimonException(ErrorKind.Invalid, $"--password-file {path} cannot be read: {e.Message}", e);
        }
    }
}
