using System.Diagnostics;
using System.Text.Json;
using PaimonSharp.Bench.Compaction;
using PaimonSharp.Bench.Kit.Peers;

// Compaction compared: dotnet run -c Release --project bench/Compaction -- strategy --scale 2
if (CompactionFlags.Parse(args) is not { } flags)
{
    Console.Error.WriteLine($"usage: [{string.Join(" | ", Scenarios.Groups.Keys)}]... [--scale N] [--folder FOLDER] [--svg FOLDER] [--json]");
    return 2;
}

if (!RocksDbLibrary.IsPresent)
{
    Console.Error.WriteLine(RocksDbLibrary.MissingAdvice);
}

Directory.CreateDirectory(flags.SvgFolder);

// Code that is compiled as it first runs would make the first scenario look slow.
await OursAsync(Scenarios.Baseline.Scaled(flags.Scale));
Curve? baselinePeer = null;
foreach (var group in flags.Groups)
{
    var results = new List<(Curve Ours, Curve? Peer)>();
    foreach (var scenario in Scenarios.Groups[group])
    {
        var scaled = scenario.Scaled(flags.Scale);
        var watch = Stopwatch.StartNew();
        var ours = await OursAsync(scaled);
        var peer = scenario.HasBaselineRows ? baselinePeer ??= Peer(Scenarios.Baseline.Scaled(flags.Scale)) : Peer(scaled);
        results.Add((ours, peer));
        Console.Error.WriteLine($"{group}: {scenario.Name}: {scaled.Rows:N0} rows in {watch.Elapsed.TotalSeconds:N1} s");
    }

    Console.WriteLine(GroupReport.ToTable(group, results));
    var curves = results.Select(result => result.Ours).Concat(results.Select(result => result.Peer).OfType<Curve>().Distinct()).ToList();
    var plot = Path.Combine(flags.SvgFolder, $"compaction-{group}.svg");
    File.WriteAllText(plot, SvgPlot.Draw($"Compaction by {group}", curves));
    Console.WriteLine($"plot: {plot}\n");
    if (flags.Json)
    {
        Console.WriteLine(JsonSerializer.Serialize(curves));
    }
}

return 0;

async Task<Curve> OursAsync(Scenario scenario)
{
    var folder = EmptyFolder();
    return await TableRun.RunAsync(scenario, folder);
}

Curve? Peer(Scenario scenario) => RocksDbLibrary.IsPresent ? RocksDbRun.Run(scenario, EmptyFolder()) : null;

string EmptyFolder()
{
    var folder = Path.Combine(flags.Folder, "run");
    if (Directory.Exists(folder))
    {
        Directory.Delete(folder, recursive: true);
    }

    return folder;
}
