namespace PaimonSharp.Storage.Tests.Models;

/// <summary>A table and what is done to it. Played again it does the same.</summary>
/// <param name="Seed">Made both.</param>
/// <param name="Shape">The table.</param>
/// <param name="Operations">The steps.</param>
internal sealed record ModelCase(int Seed, ModelShape Shape, IReadOnlyList<ModelOperation> Operations)
{
    /// <summary>A random case.</summary>
    /// <param name="seed">Decides it.</param>
    /// <param name="engine">The merge engine.</param>
    public static ModelCase Random(int seed, string engine)
    {
        var random = new Random(seed);
        return Random(seed, ModelShapes.Random(random, engine), random);
    }

    /// <summary>A random history of a table.</summary>
    public static ModelCase Random(int seed, ModelShape shape, Random random) =>
        new(seed, shape, [.. Enumerable.Range(0, 4 + random.Next(30)).Select(_ => ModelOperation.Random(random, shape))]);

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
            foreach (var write in Operations[i] is ModelOperation.Write { Rows: var rows } ? Fewer(rows) : [])
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

    public override string ToString() => $"seed {Seed}: {Shape}\n  {string.Join("\n  ", Operations)}";

    private static IEnumerable<ModelOperation.Write> Fewer(IReadOnlyList<ModelRowInput> rows)
    {
        for (var size = rows.Count / 2; size >= 1; size /= 2)
        {
            for (var start = 0; start + size <= rows.Count; start += size)
            {
                yield return new ModelOperation.Write([.. rows.Take(start), .. rows.Skip(start + size)]);
            }
        }
    }

    private static List<T> Without<T>(IReadOnlyList<T> list, int index) => [.. list.Where((_, i) => i != index)];
}
