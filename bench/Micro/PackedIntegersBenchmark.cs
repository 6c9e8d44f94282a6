using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using PaimonSharp.Storage.Formats.Parquet.Encodings;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// Integers of some bits as pages hold them: runs and bit-packed groups, which levels and dictionary indexes are made of and
/// whose reading is the baseline, and differences of neighbours.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("Scan")]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Disposed at the end of the runs.")]
public class PackedIntegersBenchmark
{
    private readonly int[] _values = new int[KeyColumns.RowCount];
    private readonly int[] _target = new int[KeyColumns.RowCount];
    private readonly long[] _sums = new long[KeyColumns.RowCount];
    private readonly long[] _longs = new long[KeyColumns.RowCount];
    private readonly GrowingBuffer _output = new();
    private readonly RleReader _runs = new();
    private readonly DeltaReader _deltas = new();
    private byte[] _packed = [];
    private byte[] _differences = [];

    /// <summary>Bits of a value, or of a difference.</summary>
    [Params(1, 10, 20)]
    public int Bits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(8);
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = random.Next(1 << Bits);
            _sums[i] = _values[i] + (i == 0 ? 0 : _sums[i - 1]);
        }

        Encode();
        _packed = [.. _output.Span, .. new byte[PageBuffer.Slack]];
        EncodeDifferences();
        _differences = [.. _output.Span, .. new byte[PageBuffer.Slack]];
    }

    [GlobalCleanup]
    public void Cleanup() => _output.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int Decode()
    {
        _runs.Begin(_packed, 0, _packed.Length - PageBuffer.Slack, Bits);
        _runs.Read(_target);
        return _target[^1];
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int Encode()
    {
        _output.Clear();
        RleWriter.Write<int>(_values, Bits, _output);
        return _output.Length;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public long DecodeDifferences()
    {
        _deltas.Begin(_differences, 0, _differences.Length - PageBuffer.Slack);
        _deltas.Read(_longs);
        return _longs[^1];
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int EncodeDifferences()
    {
        _output.Clear();
        DeltaWriter.Write(_sums, isInt32: false, _output);
        return _output.Length;
    }
}
