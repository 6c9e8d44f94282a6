using PaimonSharp.Data;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>One step of a case.</summary>
internal abstract record ModelOperation
{
    private ModelOperation()
    {
    }

    /// <summary>Random steps. Every third or so is a commit.</summary>
    public static ModelOperation Random(Random random, ModelShape shape) => random.Next(28) switch
    {
        < 7 => NewWrite(random),
        20 or 21 => shape.AllowsOtherWriters ? new WriteBeside(NewWrite(random).Rows) : NewWrite(random),
        < 12 => new Commit(),
        12 => new Prepare(),
        13 => new Compact(random.Next(2) == 0),
        14 => new CompactBeside(random.Next(3) > 0, random.Next(2) == 0),
        15 => new Restart(random.Next(2) == 0),
        16 => new Expire(1 + random.Next(3)),
        17 => new Tag(random.Next(8)),
        18 => new Alter(random.Next()),
        22 => new Recover(),
        23 => new Clean(random.Next()),
        24 => new Overwrite(NewWrite(random).Rows, random.Next(4) == 0),
        25 => new RollBack(random.Next()),
        26 => new Untag(random.Next()),
        27 => new CompactPart(random.Next(), random.Next(3) > 0, random.Next(2) == 0),
        _ => new Look(random.Next()),
    };

    private static Write NewWrite(Random random)
    {
        var keys = random.Next(4) == 0 ? 3 : 25;
        var retracts = random.Next(3);
        return new Write(
        [
            .. Enumerable.Range(0, random.Next(6) == 0 ? random.Next(120) : 1 + random.Next(14)).Select(_ => new ModelRowInput(
                random.Next(keys),
                random.Next(3),
                random.Next(4) < retracts ? (RowKind)(1 + (random.Next(2) * 2)) : (RowKind)(random.Next(2) * 2),
                random.Next(100_000))),
        ]);
    }

    /// <summary>Rows given to the writer.</summary>
    internal sealed record Write(IReadOnlyList<ModelRowInput> Rows) : ModelOperation
    {
        public override string ToString() => $"write [{string.Join(", ", Rows)}]";
    }

    /// <summary>Commits what was prepared, then the rest.</summary>
    internal sealed record Commit : ModelOperation;

    /// <summary>Makes files of what was written, to be committed later.</summary>
    internal sealed record Prepare : ModelOperation;

    /// <summary>The writer compacts.</summary>
    internal sealed record Compact(bool IsFull) : ModelOperation;

    /// <summary>Another writer, or a job, compacts, whatever the first one has not committed.</summary>
    internal sealed record CompactBeside(bool IsFull, bool IsJob) : ModelOperation;

    /// <summary>Another writer compacts one bucket, or a job the buckets of one partition.</summary>
    internal sealed record CompactPart(int File, bool IsFull, bool IsJob) : ModelOperation;

    /// <summary>Another writer commits rows of other keys, and compacts as it likes to.</summary>
    internal sealed record WriteBeside(IReadOnlyList<ModelRowInput> Rows) : ModelOperation
    {
        public override string ToString() => $"write beside [{string.Join(", ", Rows)}]";
    }

    /// <summary>The writer is closed, having prepared a commit or not, and opened again.</summary>
    internal sealed record Restart(bool IsPrepared) : ModelOperation;

    /// <summary>The writer is gone after it prepared commits; they are committed without it, and another one is opened.</summary>
    internal sealed record Recover : ModelOperation;

    /// <summary>Files that nothing leads to are removed while nobody writes; an older snapshot is read.</summary>
    internal sealed record Clean(int Snapshot) : ModelOperation;

    /// <summary>What was not committed is dropped; rows replace the partitions that they are in, or nothing replaces all.</summary>
    internal sealed record Overwrite(IReadOnlyList<ModelRowInput> Rows, bool IsTruncate) : ModelOperation
    {
        public override string ToString() => IsTruncate ? "truncate" : $"overwrite [{string.Join(", ", Rows)}]";
    }

    /// <summary>What was not committed is dropped; the table goes back to a snapshot.</summary>
    internal sealed record RollBack(int Snapshot) : ModelOperation;

    /// <summary>A tag is removed.</summary>
    internal sealed record Untag(int Number) : ModelOperation;

    /// <summary>All snapshots but the newest expire.</summary>
    internal sealed record Expire(int Kept) : ModelOperation;

    /// <summary>A snapshot gets a tag.</summary>
    internal sealed record Tag(int Snapshot) : ModelOperation;

    /// <summary>The schema or an option changes.</summary>
    internal sealed record Alter(int Seed) : ModelOperation;

    /// <summary>An older snapshot is read, all keys are looked up.</summary>
    internal sealed record Look(int Snapshot) : ModelOperation;
}
