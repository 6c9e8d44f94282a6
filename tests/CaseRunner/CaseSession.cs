using PaimonSharp.Data.Errors;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.CaseRunner;

/// <summary>
/// The table of a case and its one streaming writer, with a clock that never shows one time twice. One thread.
/// </summary>
internal sealed class CaseSession : IAsyncDisposable
{
    /// <summary>The commit user of the streaming writer.</summary>
    public const string User = "oracle-user";

    private static readonly Identifier Name = new("db", "t");
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private readonly CaseInput _input;
    private readonly ManualTime _time;
    private readonly StorageEnvironment _environment;
    private readonly string _warehouse;
    private Catalog? _catalog;
    private Table? _table;

    /// <summary>Makes a session of a case.</summary>
    /// <param name="input">The case.</param>
    /// <param name="directory">Where the table is to be, null for memory.</param>
    public CaseSession(CaseInput input, string? directory)
    {
        _input = input;
        _time = new ManualTime(Start, TimeSpan.FromMilliseconds(1));
        _warehouse = directory is null ? "/warehouse" : Path.GetFullPath(directory);
        var sizes = new RecordedSizes(input);
        _environment = new StorageEnvironment(directory is null ? new MemoryFileIO(_time) : new LocalFileIO())
        {
            TimeProvider = _time,
            Ids = new SeededIds(1),
            WrapStrategy = (bucket, strategy) => new RecordedSizeStrategy(strategy, Table.Schema, bucket, sizes),
        };
    }

    /// <summary>The table as it was loaded last, of the branch that is used.</summary>
    public Table Table => _table ?? throw new InvalidOperationException("The table was not created.");

    /// <summary>The catalog that holds the table.</summary>
    public Catalog Catalog => _catalog!;

    /// <summary>The table's name in the catalog.</summary>
    public static Identifier TableName => Name;

    /// <summary>Files, clock and names.</summary>
    public StorageEnvironment Environment => _environment;

    /// <summary>The branch that is used, null for the main one.</summary>
    public string? Branch { get; private set; }

    /// <summary>The writer, null when none is open.</summary>
    public TableWriter? Writer { get; private set; }

    /// <summary>The number of the last commit.</summary>
    public long LastIdentifier { get; set; }

    /// <summary>The error of a compaction of the writer, if there was one.</summary>
    public PaimonException? CompactionFailure { get; set; }

    /// <summary>What the last commit of the writer committed.</summary>
    public (PreparedCommit Prepared, CommitOptions Options)? LastCommit { get; private set; }

    /// <summary>Creates the table.</summary>
    public async Task CreateAsync()
    {
        _catalog = await Catalog.OpenAsync(_warehouse, _environment);

        // Some histories begin with a table that Paimon makes and the catalog refuses, as nobody can write to it.
        _table = await _catalog.CreateTableAsync(
            Name, SchemaFactory.Create(_input.Definition(), _time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    /// <summary>Moves the clock on between two steps.</summary>
    public void Tick() => _time.Advance(TimeSpan.FromMilliseconds(10));

    /// <summary>Closes the writer and loads the table again.</summary>
    /// <param name="branch">The branch to use from now on; the one in use by default.</param>
    public async Task ReopenAsync(string? branch = null)
    {
        await CloseWriterAsync();
        Branch = branch switch
        {
            null => Branch,
            "main" => null,
            _ => branch,
        };
        _table = await OpenAsync();
    }

    /// <summary>Opens the table with options of its own.</summary>
    /// <param name="options">Options that win over the schema's.</param>
    /// <param name="branch">The branch; the one in use by default.</param>
    public async Task<Table> OpenAsync(IReadOnlyDictionary<string, string>? options = null, string? branch = null)
    {
        var all = options is null ? [] : new Dictionary<string, string>(options, StringComparer.Ordinal);
        if ((branch ?? Branch) is { } name && name != "main")
        {
            all["branch"] = name;
        }

        return await Catalog.GetTableAsync(Name, all);
    }

    /// <summary>The writer, opened where there is none.</summary>
    public TableWriter OpenWriter() => Writer ??= Table.NewWriter(User);

    /// <summary>Closes the writer; what it has not committed is lost.</summary>
    public async Task CloseWriterAsync()
    {
        if (Writer is not null)
        {
            await Writer.DisposeAsync();
            Writer = null;
            CompactionFailure = null;
        }
    }

    /// <summary>Commits what the writer has.</summary>
    /// <param name="identifier">The commit's number; one more than the last one by default.</param>
    /// <param name="watermark">The commit's watermark, if any.</param>
    public async Task CommitAsync(long? identifier, long? watermark)
    {
        if (CompactionFailure is { } failure)
        {
            throw new PaimonException(failure.Kind, failure.Message, failure);
        }

        LastIdentifier = identifier ?? LastIdentifier + 1;
        var options = new CommitOptions
        {
            Identifier = LastIdentifier,
            Watermark = watermark,
            AllowEmpty = !_input.IgnoresEmptyCommits,
            RequireCompaction = true,
        };
        var writer = OpenWriter();
        var prepared = await writer.PrepareCommitAsync(waitForCompaction: true);
        LastCommit = (prepared, options);
        await writer.CommitPreparedAsync(prepared, options);
    }

    /// <summary>Says that a step is not performed.</summary>
    public static PaimonException Unsupported(string what) => new(ErrorKind.Unsupported, $"{what} is not supported.");

    public ValueTask DisposeAsync() => new(CloseWriterAsync());
}
