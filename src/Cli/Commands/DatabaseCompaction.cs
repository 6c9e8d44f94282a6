using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary>
/// Compacts the tables that a database has, one after the other. A table that fails is told of and keeps no other one waiting; the
/// next pass tries it again. One thread.
/// </summary>
/// <param name="catalog">The warehouse.</param>
/// <param name="database">The database's name.</param>
/// <param name="tableOptions">Table options that win over those of the schemas.</param>
/// <param name="options">What to compact.</param>
/// <param name="printer">Shows what is done.</param>
internal sealed class DatabaseCompaction(
    Catalog catalog,
    string database,
    IReadOnlyDictionary<string, string> tableOptions,
    CompactJobOptions options,
    CompactProgressPrinter printer)
{
    private readonly Dictionary<Identifier, CompactJob> _jobs = [];
    private readonly Dictionary<Identifier, string> _failures = [];

    /// <summary>Looks at every table once.</summary>
    /// <param name="cancellationToken">Stops; what was committed stays.</param>
    /// <returns>The exit code: that of the first failure. A table of a kind that is never compacted is none.</returns>
    /// <exception cref="PaimonException">Invalid: there is no such database.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var code = ExitCode.Done;
        foreach (var name in await TablesAsync(cancellationToken).ConfigureAwait(false))
        {
            var failure = await TryAsync(
                name,
                async job => printer.End(await job.RunAsync(cancellationToken).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
            if (code == ExitCode.Done && failure is { Kind: not ErrorKind.Unsupported })
            {
                code = ExitCode.Of(failure);
            }
        }

        return code;
    }

    /// <summary>Looks at every table that somebody has committed to since the last time.</summary>
    /// <param name="cancellationToken">Stops; what was committed stays.</param>
    /// <exception cref="PaimonException">Invalid: there is no such database.</exception>
    public async Task RunIfChangedAsync(CancellationToken cancellationToken)
    {
        var names = await TablesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var gone in _jobs.Keys.Except(names).ToList())
        {
            _jobs.Remove(gone);
            _failures.Remove(gone);
        }

        foreach (var name in names)
        {
            await TryAsync(
                name,
                async job =>
                {
                    if (await job.RunIfChangedAsync(cancellationToken).ConfigureAwait(false) is { Snapshots: > 0 } done)
                    {
                        printer.End(done);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<IReadOnlyList<Identifier>> TablesAsync(CancellationToken cancellationToken)
    {
        var tables = await catalog.ListTablesAsync(database, cancellationToken).ConfigureAwait(false);
        if (tables.Count == 0
            && !(await catalog.ListDatabasesAsync(cancellationToken).ConfigureAwait(false)).Contains(database))
        {
            PaimonException.ThrowInvalid($"There is no database {database} in {catalog.Warehouse}.");
        }

        return tables;
    }

    /// <summary>Works on a table.</summary>
    /// <returns>What failed; null when nothing did. The same failure again is not told of.</returns>
    private async Task<PaimonException?> TryAsync(
        Identifier name, Func<CompactJob, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            if (!_jobs.TryGetValue(name, out var job))
            {
                var table = await catalog.GetTableAsync(name, tableOptions, cancellationToken).ConfigureAwait(false);
                job = table.NewCompactor(options);
                _jobs.Add(name, job);
            }

            await work(job).ConfigureAwait(false);
            _failures.Remove(name);
            return null;
        }
        catch (PaimonException e)
        {
            if (!_failures.TryGetValue(name, out var told) || told != e.Message)
            {
                var reason = e.Message.Contains(name.ToString(), StringComparison.Ordinal) ? e.Message : $"{name}: {e.Message}";
                printer.Warn(e.Kind == ErrorKind.Unsupported ? "left alone" : "failed", reason);
                _failures[name] = e.Message;
            }

            return e;
        }
    }
}
