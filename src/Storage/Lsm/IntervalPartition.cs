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

    // Each file goes behind the run that ends first, if it begins after it; else it begins a new run. Runs that end alike are
    // taken, and all are given, in the order of Java's PriorityQueue.
    private static SortedRun[] SplitSection(List<int> section, IReadOnlyList<DataFileMeta> files, KeyRanges ranges)
    {
        var heap = new List<List<int>>();
        foreach (var file in section)
        {
            if (heap.Count == 0)
            {
                heap.Add([file]);
                continue;
            }

            var first = Poll(heap, ranges);
            if (ranges.Min.Compare(file, ranges.Max, first[^1]) > 0)
            {
                first.Add(file);
            }
            else
            {
                Push(heap, [file], ranges);
            }

            Push(heap, first, ranges);
        }

        return [.. heap.Select(run => new SortedRun([.. run.Select(file => files[file])]))];
    }

    private static void Push(List<List<int>> heap, List<int> run, KeyRanges ranges)
    {
        heap.Add(run);
        var at = heap.Count - 1;
        while (at > 0 && ranges.Max.Compare(run[^1], heap[(at - 1) / 2][^1]) < 0)
        {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        heap[at] = run;
    }

    private static List<int> Poll(List<List<int>> heap, KeyRanges ranges)
    {
        var first = heap[0];
        var last = heap[^1];
        heap.RemoveAt(heap.Count - 1);
        var at = 0;
        while (at < heap.Count / 2)
        {
            var child = (2 * at) + 1;
            if (child + 1 < heap.Count && ranges.Max.Compare(heap[child][^1], heap[child + 1][^1]) > 0)
            {
                child++;
            }

            if (ranges.Max.Compare(last[^1], heap[child][^1]) <= 0)
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        if (heap.Count > 0)
        {
            heap[at] = last;
        }

        return first;
    }
}
