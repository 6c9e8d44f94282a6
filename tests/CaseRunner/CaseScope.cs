using System.Text.Json;

namespace PaimonSharp.CaseRunner;

/// <summary>What a case asks of an engine, told by its schema, options and steps.</summary>
internal static class CaseScope
{
    private static readonly string[] LaterOptions =
    [
        "deletion-vectors.", "partition.expiration-", "record-level.", "force-lookup", "compaction.force-up-level-0",
    ];

    private static readonly string[] LaterSteps = ["conflictingCompact", "expirePartitions"];

    /// <summary>
    /// True for the cases that need the table format only: plain deduplicate, fixed buckets, no changelog but the input's, and
    /// no compaction that an engine picks by itself.
    /// </summary>
    public static bool IsTableFormat(CaseInput input) => LaterFeature(input) is null;

    /// <summary>Why a case needs more than the table format; null where it does not.</summary>
    public static string? LaterFeature(CaseInput input)
    {
        var options = Options(input).ToList();
        foreach (var (key, value) in options)
        {
            if (key == "merge-engine" && value != "deduplicate")
            {
                return $"merge-engine {value}";
            }

            if (key == "changelog-producer" && value is not ("none" or "input"))
            {
                return $"changelog-producer {value}";
            }

            if (LaterOptions.FirstOrDefault(option => key.StartsWith(option, StringComparison.Ordinal)) is { } later)
            {
                return later.TrimEnd('.', '-');
            }
        }

        var bucket = options.Where(option => option.Key == "bucket").Select(option => option.Value).FirstOrDefault("-1");
        if (bucket.StartsWith('-'))
        {
            return $"bucket {bucket}";
        }

        var step = input.Steps.EnumerateArray().Select(StepRunner.Operation).FirstOrDefault(LaterSteps.Contains);
        return step ?? (HasPickedCompaction(input) ? "a compaction that the engine picks" : null);
    }

    /// <summary>
    /// True where no choice of a compaction and no limit of a buffer is in the files: the case says so, or every compaction was
    /// asked for.
    /// </summary>
    public static bool HasFixedLayout(CaseInput input) =>
        (input.Root.TryGetProperty("compareLayout", out var mode) && mode.ValueKind == JsonValueKind.True)
        || (IsTableFormat(input) && input.Option("write-buffer-size") is null);

    /// <summary>
    /// True where the changes of a commit are the rows of its files, and these are cut by the size of a write buffer.
    /// </summary>
    public static bool HasFlushesInChanges(CaseInput input) =>
        input.Option("write-buffer-size") is not null && input.Option("changelog-producer") is null or "none";

    /// <summary>
    /// True for a read with a condition on a column that it does not project: the program that made the recordings tested the
    /// condition on the projected row, at the position that the column has in the table.
    /// </summary>
    public static bool IsFilteredByPosition(CaseInput input, string read) => input.Reads.Any(candidate =>
        candidate.GetProperty("name").GetString() == read
        && candidate.TryGetProperty("filter", out var filter)
        && filter.TryGetProperty("field", out var field)
        && candidate.TryGetProperty("projection", out var projection)
        && projection.EnumerateArray().All(column => column.GetString() != field.GetString()));

    /// <summary>Why a case differs that records a defect which this engine does not share; null for all others.</summary>
    public static string? DifferenceOnPurpose(CaseInput input) => input.Name switch
    {
        "dedup-seq-desc-buffer" => "a descending sequence.field counts within one commit too",
        _ when input.Name.StartsWith("agg-retract-error-", StringComparison.Ordinal) =>
            "a retraction that an aggregator refuses is refused when it is written",
        _ => null,
    };

    private static IEnumerable<KeyValuePair<string, string>> Options(CaseInput input)
    {
        foreach (var option in input.Root.GetProperty("schema").GetProperty("options").EnumerateObject())
        {
            yield return new(option.Name, option.Value.GetString()!);
        }

        foreach (var step in input.Steps.EnumerateArray().Where(step => StepRunner.Operation(step) == "alter"))
        {
            foreach (var change in step.GetProperty("changes").EnumerateArray())
            {
                if (change.GetProperty("change").GetString() == "setOption")
                {
                    yield return new(change.GetProperty("key").GetString()!, change.GetProperty("value").GetString()!);
                }
            }
        }
    }

    // A compaction is asked for by a step before the commit with the snapshot's number, or made by a user that only compacts.
    private static bool HasPickedCompaction(CaseInput input)
    {
        var asked = new HashSet<long>();
        var last = 0L;
        var isAsked = false;
        foreach (var step in input.Steps.EnumerateArray())
        {
            switch (StepRunner.Operation(step))
            {
                case "compact":
                    isAsked = true;
                    break;
                case "compactAll":
                    last++;
                    break;
                case "reopen":
                    isAsked = false;
                    break;
                case "commit":
                    last = step.TryGetProperty("identifier", out var identifier) ? identifier.GetInt64() : last + 1;
                    if (isAsked)
                    {
                        asked.Add(last);
                    }

                    isAsked = false;
                    break;
            }
        }

        return input.Expected.TryGetProperty("snapshots", out var snapshots) && snapshots.EnumerateArray().Any(snapshot =>
            snapshot.GetProperty("commitKind").GetString() == "COMPACT"
            && snapshot.GetProperty("commitUser").GetString() != "compact-user"
            && !(snapshot.GetProperty("commitUser").GetString() == CaseSession.User
                && asked.Contains(snapshot.GetProperty("commitIdentifier").GetInt64())));
    }
}
