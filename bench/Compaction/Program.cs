using System.Text.Json;
using PaimonSharp.Bench.Compaction;
using PaimonSharp.Bench.Kit.Peers;

// Compaction compared: dotnet run -c Release --project bench/Compaction -- strategy --scale 2
if (CompactionFlags.Parse(args) is not { } flags)
{
    return 2;
}

if (flags.Help)
{
    Console.WriteLine(CompactionFlags.Usage());
    return 0;
}

if (!RocksDbLibrary.IsPresent)
{
    Console.Error.WriteLine(RocksDbLibrary.MissingAdvice);
}

Directory.CreateDirectory(flags.SvgFolder);
var json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
var runner = new GroupRunner(flags);
await runner.WarmUpAsync();
foreach (var group in flags.Groups)
{
    var results = await runner.RunAsync(group);
    Console.WriteLine(GroupReport.ToTable(group, flags.Runs, results));
    var plot = Path.Combine(flags.SvgFolder, $"compaction-{group}.svg");
    File.WriteAllText(plot, SvgPlot.Draw($"Compaction by {group}", results));
    Console.WriteLine($"plot: {plot}\n");
    if (flags.Json)
    {
        Console.WriteLine(JsonSerializer.Serialize(results, json));
    }
}

runner.End();
return 0;
