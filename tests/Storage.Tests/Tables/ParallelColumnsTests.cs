using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Storage.Tests.Tables;

public sealed class ParallelColumnsTests
{
    private const int ManyRows = 100_000;

    [Theory]
    [InlineData(0, ManyRows)]
    [InlineData(1, ManyRows)]
    [InlineData(40, ManyRows)]
    [InlineData(40, 10)]
    public async Task Every_column_has_its_turn_once(int count, int rows)
    {
        var columns = Columns(count);
        var turns = new int[count];
        ColumnLoop.Run(columns, rows, column => Interlocked.Increment(ref turns[column]));
        await ColumnLoop.RunAsync(columns, rows, async column =>
        {
            await Task.Yield();
            Interlocked.Increment(ref turns[column]);
        });

        Assert.All(turns, turn => Assert.Equal(2, turn));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(ManyRows)]
    public async Task An_error_of_a_column_is_thrown_as_it_is(int rows)
    {
        var columns = Columns(12);
        var error = new PaimonException(ErrorKind.Invalid, "This column is not good.");
        Assert.Same(error, Assert.Throws<PaimonException>(
            () => ColumnLoop.Run(columns, rows, column => _ = column == 7 ? throw error : column)));
        Assert.Same(error, await Assert.ThrowsAsync<PaimonException>(
            async () => await ColumnLoop.RunAsync(columns, rows, column => column == 7 ? throw error : default)));
    }

    [Fact]
    public void Loops_inside_of_loops_end()
    {
        var columns = Columns(20);
        var total = 0;
        Parallel.For(0, 50, _ => ColumnLoop.Run(columns, ManyRows, _ => ColumnLoop.Run(
            columns, ManyRows, _ => Interlocked.Increment(ref total))));

        Assert.Equal(50 * 20 * 20, total);
    }

    private static ColumnVector[] Columns(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => ColumnVector.Create(DataTypes.Int))];
}
