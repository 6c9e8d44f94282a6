using System.Diagnostics;
using System.Globalization;
using PaimonSharp.Storage.Tables;
using PaimonSharp.WritingProcess;

// One of several processes at one table:
//   WritingProcess write TABLE PROCESS SECONDS  commits, and prints the number of every commit once it is made; goes on where the
//                                               process of this number stopped, from its first commit on for so long
//   WritingProcess compact TABLE full|due       compacts whatever is committed, all of it or what is due, until its input ends
var table = await Table.OpenAsync(args[1]);
if (args[0] == "write")
{
    await WriteAsync(
        table,
        int.Parse(args[2], CultureInfo.InvariantCulture),
        TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture)));
}
else
{
    await CompactAsync(table, isFull: args[2] == "full");
}

static async Task WriteAsync(Table opened, int process, TimeSpan time)
{
    var user = ProcessRows.User(process);
    var sums = opened.Options.GetString("merge-engine") == "aggregation";
    await using var writer = opened.NewWriter(user);
    var commit = (await opened.LatestSnapshotOfUserAsync(user))?.CommitIdentifier ?? 0;
    Stopwatch? clock = null;
    do
    {
        commit++;
        foreach (var (key, number, isDelete) in ProcessRows.Of(process, commit, sums))
        {
            await (isDelete ? writer.DeleteAsync(key, number) : writer.UpsertAsync(key, number));
        }

        await writer.CommitAsync(new CommitOptions { Identifier = commit });
        Console.WriteLine(commit.ToString(CultureInfo.InvariantCulture));
        clock ??= Stopwatch.StartNew();
    }
    while (clock.Elapsed < time);
}

static async Task CompactAsync(Table opened, bool isFull)
{
    var job = opened.NewCompactor(new CompactJobOptions { IsFull = isFull });
    var end = Task.Run(Console.In.ReadToEnd);
    do
    {
        var done = await job.RunIfChangedAsync();
        if (done is { Snapshots: > 0 } or { LostRaces: > 0 })
        {
            Console.WriteLine($"snapshots {done.Value.Snapshots} lost {done.Value.LostRaces}");
        }

        await Task.Delay(10);
    }
    while (!end.IsCompleted);
}
