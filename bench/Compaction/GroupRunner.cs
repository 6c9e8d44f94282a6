using System.Diagnostics;
using PaimonSharp.Bench.Kit.Peers;

namespace PaimonSharp.Bench.Compaction;

/// <summary>
/// Runs the scenarios of a group in turns with the peer, so that a slow minute of the machine meets all of them; of several runs
/// each scenario's median counts.
/// </summary>
/// <param name="flags">How.</param>
internal sealed class GroupRunner(CompactionFlags flags)
{
    private const long WarmUpRows = 400_000;

    private string Folder => Path.Combine(flags.Folder, "run");

    /// <summary>Runs the baseline unmeasured: code that is compiled as it first runs would make the first scenario look slow.</summary>
    public async Task WarmUpAsync()
    {
        Clear(Folder);
        var scenario = Scenarios.Baseline with { Rows = WarmUpRows };
        await TableRun.RunAsync(scenario, Path.Combine(Folder, "warm-up"));
        RunPeer(scenario, Path.Combine(Folder, "warm-up-rocksdb"));
        Clear(Folder);
    }

    /// <summary>Runs a group.</summary>
    /// <param name="group">Its name.</param>
    public async Task<IReadOnlyList<GroupResult>> RunAsync(string group)
    {
        var scenarios = Scenarios.Groups[group].Select(scenario => scenario.Scaled(flags.Scale)).ToList();
        var ours = scenarios.ToDictionary(scenario => scenario, _ => new List<Curve>());
        var peers = scenarios.ToLookup(scenario => scenario.RowSet).ToDictionary(rows => rows.Key, _ => new List<Curve>());
        for (var run = 0; run < flags.Runs; run++)
        {
            foreach (var scenario in scenarios)
            {
                var watch = Stopwatch.StartNew();
                var folder = Path.Combine(Folder, group, FolderName(scenario.Name));
                Clear(folder);
                ours[scenario].Add(await TableRun.RunAsync(scenario, folder));
                if (!flags.Keep)
                {
                    Clear(folder);
                }

                var peer = peers[scenario.RowSet];
                if (peer.Count <= run && RunPeer(scenario, $"{folder}-rocksdb") is { } curve)
                {
                    peer.Add(curve);
                    Clear($"{folder}-rocksdb");
                }

                Console.Error.WriteLine($"{group}: {scenario.Name}: {scenario.Rows:N0} rows, run {run + 1}, {watch.Elapsed.TotalSeconds:N1} s");
            }
        }

        var medians = peers.ToDictionary(peer => peer.Key, peer => peer.Value.Count == 0 ? null : Median(peer.Value));
        if (medians.Count == 1)
        {
            medians = medians.ToDictionary(peer => peer.Key, peer => peer.Value is null ? null : peer.Value with { Name = "RocksDB" });
        }

        return [.. scenarios.Select(scenario => new GroupResult(Median(ours[scenario]), medians[scenario.RowSet]))];
    }

    /// <summary>Removes what is left, unless it is to stay.</summary>
    public void End()
    {
        if (!flags.Keep)
        {
            Clear(Folder);
        }
    }

    private static Curve? RunPeer(Scenario scenario, string folder) =>
        RocksDbLibrary.IsPresent ? RocksDbRun.Run(scenario, folder) : null;

    // Letters, digits and points, with a '-' for whatever lies between them.
    private static string FolderName(string scenario) => string.Join(
        '-', string.Concat(scenario.Select(c => char.IsLetterOrDigit(c) || c == '.' ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static Curve Median(List<Curve> curves) =>
        curves.OrderBy(curve => curve.RowsPerSecond).ElementAt(curves.Count / 2);

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
