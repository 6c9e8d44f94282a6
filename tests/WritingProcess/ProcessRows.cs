namespace PaimonSharp.WritingProcess;

/// <summary>
/// What the processes that write one table write: it depends on a process's number and a commit's alone, so that what the table
/// must hold follows from how often each process has committed. Every commit has a row of keys that are the process's own, which
/// tables that replace rows see deleted now and then, and one of the keys that all of them write.
/// </summary>
public static class ProcessRows
{
    private const int SharedKeys = 10;
    private const int OwnKeys = 300;
    private const int FirstOwnKey = 1_000;
    private const int MostProcesses = 1_000;

    /// <summary>A process's name.</summary>
    public static string User(int process) => $"writer-{process}";

    /// <summary>The rows of a commit.</summary>
    /// <param name="process">The process, from 0.</param>
    /// <param name="commit">The commit, from 1.</param>
    /// <param name="sums">True for a table that adds the numbers of a key up.</param>
    public static IEnumerable<(int Key, long Number, bool IsDelete)> Of(int process, long commit, bool sums)
    {
        yield return (OwnKey(process, commit), commit, false);
        if (!sums && commit % 5 == 0)
        {
            yield return (OwnKey(process, commit - 2), commit, true);
        }

        yield return ((int)(commit % SharedKeys), (commit * MostProcesses) + process, false);
    }

    /// <summary>What a table must hold.</summary>
    /// <param name="commits">How often each process has committed.</param>
    /// <param name="sums">True for a table that adds the numbers of a key up.</param>
    public static SortedDictionary<int, long> StateAfter(IReadOnlyList<long> commits, bool sums)
    {
        var state = new SortedDictionary<int, long>();
        for (var process = 0; process < commits.Count; process++)
        {
            for (var commit = 1L; commit <= commits[process]; commit++)
            {
                foreach (var (key, number, isDelete) in Of(process, commit, sums))
                {
                    if (isDelete)
                    {
                        state.Remove(key);
                    }
                    else
                    {
                        // Of a key that all write the highest number is the newest row.
                        var known = state.GetValueOrDefault(key);
                        state[key] = sums ? known + number : Math.Max(known, number);
                    }
                }
            }
        }

        return state;
    }

    private static int OwnKey(int process, long commit) => FirstOwnKey + (process * OwnKeys) + (int)(commit % OwnKeys);
}
