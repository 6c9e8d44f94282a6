using System.Runtime.ExceptionServices;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats;

/// <summary>
/// Work on the columns of a block of rows, which have nothing to do with one another: on all processors that are free, the
/// largest columns first. Blocks of few rows are done by the caller alone. When a call ends, with an error or without, nothing
/// of it goes on.
/// </summary>
internal static class ColumnLoop
{
    /// <summary>With fewer rows another thread gains nothing.</summary>
    private const int MinRows = 4096;

    /// <summary>Does something to every column.</summary>
    /// <param name="columns">The columns, by whose buffers their work is judged.</param>
    /// <param name="rows">The rows of the block.</param>
    /// <param name="body">Is given a column's number; for different columns at the same time.</param>
    public static void Run(IReadOnlyList<ColumnVector> columns, int rows, Action<int> body)
    {
        var threads = ThreadsFor(columns.Count, rows);
        if (threads < 2)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                body(i);
            }

            return;
        }

        var turns = new Turns(columns);
        void Work()
        {
            while (turns.TryNext(out var column))
            {
                body(column);
            }
        }

        var tasks = new Task[threads];
        for (var i = 1; i < threads; i++)
        {
            tasks[i] = Task.Run(Work);
        }

        tasks[0] = new Task(Work);
        tasks[0].RunSynchronously(TaskScheduler.Default);
        try
        {
            // Waiting runs the tasks that no thread of the pool has begun.
            Task.WaitAll(tasks);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }

    /// <summary>Does something to every column that may have to wait.</summary>
    /// <param name="columns">The columns, by whose buffers their work is judged.</param>
    /// <param name="rows">The rows of the block.</param>
    /// <param name="body">Is given a column's number; for different columns at the same time.</param>
    public static async ValueTask RunAsync(IReadOnlyList<ColumnVector> columns, int rows, Func<int, ValueTask> body)
    {
        var threads = ThreadsFor(columns.Count, rows);
        if (threads < 2)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                await body(i).ConfigureAwait(false);
            }

            return;
        }

        var turns = new Turns(columns);
        async Task WorkAsync()
        {
            while (turns.TryNext(out var column))
            {
                await body(column).ConfigureAwait(false);
            }
        }

        var tasks = new Task[threads];
        for (var i = 1; i < threads; i++)
        {
            tasks[i] = Task.Run(WorkAsync);
        }

        tasks[0] = WorkAsync();
        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private static int ThreadsFor(int columns, int rows) =>
        rows < MinRows ? 1 : Math.Min(Environment.ProcessorCount, columns);

    /// <summary>Hands out the numbers of columns, each once.</summary>
    private sealed class Turns
    {
        private readonly int[] _order;
        private int _taken;

        public Turns(IReadOnlyList<ColumnVector> columns)
        {
            var sizes = new long[columns.Count];
            _order = new int[columns.Count];
            for (var i = 0; i < sizes.Length; i++)
            {
                (_order[i], sizes[i]) = (i, -columns[i].CapacityBytes);
            }

            Array.Sort(sizes, _order);
        }

        public bool TryNext(out int column)
        {
            var turn = Interlocked.Increment(ref _taken) - 1;
            column = turn < _order.Length ? _order[turn] : -1;
            return column >= 0;
        }
    }
}
