namespace PaimonSharp.Storage.Tests.Models;

/// <summary>A table and what is done to it. Played again it does the same.</summary>
/// <param name="Seed">Made both.</param>
/// <param name="Shape">The table.</param>
/// <param name="Operations">The steps.</param>
internal sealed record ModelCase(int Seed, ModelShape Shape, IReadOnlyList<ModelOperation> Operations)
{
    /// <summary>A random case.</summary>
    /// <param name="seed">Decides it; one after the other, they go through all combinations.</param>
    /// <param name="engine">The merge engine.</param>
    public static ModelCase Random(int seed, string engine)
    {
        var random = new Random(seed);
        var combinations = ModelShapes.Combinations(engine);
        var (producer, buckets, hasVectors) = combinations[(int)((uint)seed % combinations.Count)];
        return Random(seed, ModelShapes.Random(random, engine, producer, buckets, hasVectors), random);
    }

    /// <summary>A random history of a table.</summary>
    public static ModelCase Random(int seed, ModelShape shape, Random random) =>
        new(seed, shape, [.. Enumerable.Range(0, 4 + random.Next(30)).Select(_ => ModelOperation.Random(random, shape))]);

    /// <summary>The same rows in the same order, in other batches, commits and buffers, compacted otherwise.</summary>
    public ModelCase Recut(Random random)
    {
        var rows = Operations.OfType<ModelOperation.Write>().SelectMany(write => write.Rows).ToList();
        var operations = new List<ModelOperation>();
        for (var start = 0; start < rows.Count;)
        {
            var count = Math.Min(rows.Count - start, 1 + (random.Next(3) == 0 ? random.Next(100) : random.Next(10)));
            operations.Add(new ModelOperation.Write(rows.GetRange(start, count)));
            operations.AddRange(random.Next(8) switch
            {
                < 3 => [new ModelOperation.Commit()],
                3 => [new ModelOperation.Compact(random.Next(2) == 0)],
                4 => [new ModelOperation.Commit(), new ModelOperation.CompactBeside(random.Next(2) == 0, random.Next(2) == 0)],
                5 => [new ModelOperation.Commit(), new ModelOperation.Restart(false)],
                _ => Array.Empty<ModelOperation>(),
            });
            start += count;
        }

        var tuning = ModelTuning.Random(random, allowsAvro: false);
        return this with { Shape = Shape with { Tuning = tuning }, Operations = operations };
    }

    /// <summary>Smaller cases that may fail alike: fewer steps, fewer rows, fewer options, fewer columns.</summary>
    public IEnumerable<ModelCase> Shrink()
    {
        for (var size = Operations.Count / 2; size >= 1; size /= 2)
        {
            for (var start = 0; start + size <= Operations.Count; start += size)
            {
                yield return this with { Operations = [.. Operations.Take(start), .. Operations.Skip(start + size)] };
            }
        }

        for (var i = 0; i < Shape.Tuning.Count; i++)
        {
            yield return this with { Shape = Shape with { Tuning = Without(Shape.Tuning, i) } };
        }

        for (var i = 0; i < Operations.Count; i++)
        {
            foreach (var write in Fewer(Operations[i]))
            {
                yield return this with { Operations = [.. Operations.Take(i), write, .. Operations.Skip(i + 1)] };
            }
        }

        for (var i = 0; i < Shape.Fields.Count; i++)
        {
            if (Shape.Fields[i].IsFree)
            {
                yield return this with { Shape = Shape with { Fields = Without(Shape.Fields, i) } };
            }
        }
    }

    /// <summary>Without what drops rows or changes columns, so that what is written is what is read.</summary>
    public ModelCase Straight() => this with
    {
        Operations =
        [
            .. Operations.Where(operation => operation is not (ModelOperation.Restart or ModelOperation.Alter or ModelOperation.Clean
                or ModelOperation.Overwrite or ModelOperation.RollBack or ModelOperation.Recover or ModelOperation.WriteBeside)),
        ],
    };

    public override string ToString() => $"seed {Seed}: {Shape}\n  {string.Join("\n  ", Operations)}";

    private static IEnumerable<ModelOperation> Fewer(ModelOperation operation) => operation switch
    {
        ModelOperation.Write { Rows: var rows } => Fewer(rows).Select(fewer => new ModelOperation.Write(fewer)),
        ModelOperation.WriteBeside { Rows: var rows } => Fewer(rows).Select(fewer => new ModelOperation.WriteBeside(fewer)),
        ModelOperation.Overwrite { Rows: var rows, IsTruncate: false } => Fewer(rows).Select(fewer => new ModelOperation.Overwrite(fewer, false)),
        _ => [],
    };

    private static IEnumerable<List<ModelRowInput>> Fewer(IReadOnlyList<ModelRowInput> rows)
    {
        for (var size = rows.Count / 2; size >= 1; size /= 2)
        {
            for (var start = 0; start + size <= rows.Count; start += size)
            {
                yield return [.. rows.Take(start), .. rows.Skip(start + size)];
            }
        }
    }

    private static List<T> Without<T>(IReadOnlyList<T> list, int index) => [.. list.Where((_, i) => i != index)];
}
