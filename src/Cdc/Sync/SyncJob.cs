using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// Mirrors the tables of a MySQL or MariaDB server, or of binlog files, into the tables of a catalog, exactly once: each
/// commit holds rows and the position that they lead to, and a job that starts again goes on from there
/// (docs/cdc.md#exactly-once).
/// <code>
/// var job = SyncJob.FromServer(MySqlUrl.Parse("mysql://cdc@127.0.0.1/shop"), catalog, new SyncOptions());
/// await job.RunAsync(stop);
/// </code>
/// Runs once, for one caller; events are raised on the thread that runs.
/// </summary>
public sealed class SyncJob
{
    private readonly Func<SyncJob, CancellationToken, Task<SyncResult>> _run;

    private SyncJob(Func<SyncJob, CancellationToken, Task<SyncResult>> run) => _run = run;

    /// <summary>Raised about once a second and at every change of phase.</summary>
    public event Action<SyncStatus>? StatusChanged;

    /// <summary>Raised for what a person should know and what does not end the job: tables left out, stopped, connections lost.</summary>
    public event Action<string>? Warned;

    /// <summary>A job that mirrors a running server: a snapshot of what is new, then the binlog.</summary>
    /// <param name="connection">Where and how to connect. Its database chooses the tables; without one, all databases are mirrored.</param>
    /// <param name="catalog">Where the tables are.</param>
    /// <param name="options">What to mirror, and how.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <param name="ids">Where the replica gets its number and uuid; random by default.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: a setting that cannot work.</exception>
    public static SyncJob FromServer(
        MySqlConnectionOptions connection, Catalog catalog, SyncOptions options, TimeProvider? timeProvider = null, IdSource? ids = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        connection.Validate();
        options.Validate();
        var clock = timeProvider ?? TimeProvider.System;
        return new SyncJob((job, stop) =>
        {
            var sync = new ServerSync(
                connection, catalog, options, job.NewMeter(clock), job.Warn, clock, ids ?? IdSource.System);
            return sync.RunAsync(stop);
        });
    }

    /// <summary>A job that mirrors what binlog files hold, and ends with them.</summary>
    /// <param name="files">The files, in the order of the log.</param>
    /// <param name="catalog">Where the tables are.</param>
    /// <param name="options">What to mirror, and how.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: a setting that cannot work.</exception>
    public static SyncJob FromFiles(
        IReadOnlyList<BinlogFile> files, Catalog catalog, SyncOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var clock = timeProvider ?? TimeProvider.System;
        return new SyncJob((job, stop) =>
            new FileSync(files, catalog, options, job.NewMeter(clock), job.Warn, clock).RunAsync(stop));
    }

    /// <summary>Runs until it is stopped, the source ends, or the end that was asked for has been reached; commits what was read.</summary>
    /// <param name="stop">
    /// Stops at the next end of a transaction; one that has no end within 5 seconds is left to the next run.
    /// </param>
    /// <returns>What was done.</returns>
    /// <exception cref="Data.Errors.PaimonException">The source or a table cannot be used; what was committed stays.</exception>
    public Task<SyncResult> RunAsync(CancellationToken stop = default) => _run(this, stop);

    private SyncMeter NewMeter(TimeProvider clock) => new(clock, status => StatusChanged?.Invoke(status));

    private void Warn(string message) => Warned?.Invoke(message);
}
