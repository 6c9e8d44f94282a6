using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Splits files into sections whose key ranges do not overlap, and each section into as few sorted runs as possible, so that
/// a merge compares only what can be equal (docs/format.md#interval-partition).
/// <code>
/// files   |--a--| |--b--|         |--d--|
///            |---c---|                     |--e--|
/// gives   section 1: runs (a, b), (c)   section 2: run (d)   section 3: run (e)
/// </code>
/// </summary>
internal static class IntervalPartition
{
    /// <summary>Splits files.</summary>
    /// <param name="files">The files of a bucket.</param>
    /// <param name="keyType">The trimmed primary key.</param>
    /// <returns>The sections in key order, each with its runs.</returns>
    public static IReadOnlyList<IReadOnlyList<SortedRun>> Split(IReadOnlyList<DataFileMeta> files, RowType keyType)
    {
        if (files.Count == 0)
        {
            return [];
        }

        var ranges = new KeyRanges(files, keyType);
        var order = Enumerable.Range(0, files.Count).ToArray();
        Array.Sort(order, ranges.CompareByMinThenMax);
        var sections = new List<IReadOnlyList<SortedRun>>();
        var section = new List<int>();
        var bound = -1;
        foreach (var file in order)
        {
            if (bound >= 0 && ranges.Min.Compare(file, ranges.Max, bound) > 0)
            {
                sections.Add(SplitSection(section, files, ranges));
                section.Clear();
                bound = -1;
            }

            section.Add(file);
            if (bound < 0 || ranges.Max.Compare(file, bound) > 0)
            {
                bound = file;
            }
        }

        sections.Add(SplitSection(section, files, ranges));
        return sections;
    }

    // Each file goes behind the run that ends first, if it begins after it; else it begins a new run.
    private static SortedRun[] SplitSection(List<int> section, IReadOnlyList<DataFileMeta> files, KeyRanges ranges)
    {
        var runs = new List<List<int>>();
        var queue = new PriorityQueue<List<int>, int>(
            Comparer<int>.Create((left, right) =>
            {
                var order = ranges.Max.Compare(left, right);
                return order != 0 ? order : left.CompareTo(right);
            }));
        foreach (var file in section)
        {
            if (queue.TryPeek(out var run, out var last) && ranges.Min.Compare(file, ranges.Max, last) > 0)
            {
                queue.Dequeue();
            }
            else
            {
                run = [];
                runs.Add(run);
            }

            run.Add(file);
            queue.Enqueue(run, file);
        }

        return [.. runs.Select(run => new SortedRun([.. run.Select(file => files[file])]))];
    }
}
