using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Micro;

/// <summary>Binary rows of a text and a BIGINT: writing is the baseline of hashing and reading.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Commit")]
public class BinaryRowBenchmark
{
    private readonly ColumnVector[] _columns;
    private readonly ColumnVector[] _target;
    private readonly BinaryRowWriter _writer;
    private readonly BinaryRowReader _reader;
    private readonly byte[][] _rows;

    public BinaryRowBenchmark()
    {
        var type = KeyColumns.TypeOf(DataTypes.String, DataTypes.BigInt);
        _columns = [KeyColumns.Texts(type.Fields[0].Type), KeyColumns.Longs(type.Fields[1].Type)];
        _target = [ColumnVector.Create(type.Fields[0].Type), ColumnVector.Create(type.Fields[1].Type)];
        _writer = new BinaryRowWriter(type);
        _reader = new BinaryRowReader(type);
        _rows = [.. Enumerable.Range(0, KeyColumns.RowCount).Select(row => _writer.Write(_columns, row).ToArray())];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int Write()
    {
        var size = 0;
        for (var row = 0; row < KeyColumns.RowCount; row++)
        {
            size += _writer.Write(_columns, row).Length;
        }

        return size;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int Hash()
    {
        var hash = 0;
        for (var row = 0; row < KeyColumns.RowCount; row++)
        {
            hash ^= _writer.Hash(_columns, row);
        }

        return hash;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int Read()
    {
        foreach (var column in _target)
        {
            column.Clear();
        }

        foreach (var row in _rows)
        {
            _reader.Read(row, _target);
        }

        return _target[0].Length;
    }
}
