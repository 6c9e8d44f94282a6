using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Compares two states of a bucket, both in key order, and gives the rows of the newer one that are new or differ; where
/// retractions are kept, also the rows that are gone, as -D. For one thread at a time.
/// </summary>
internal sealed class StateDifference
{
    private readonly Side _before;
    private readonly Side _after;
    private readonly bool _keepsRetracts;
    private readonly int[] _columns;
    private readonly ColumnVector[][] _sources;
    private readonly List<RowReference> _rows = [];
    private readonly List<RowKind> _kinds = [];

    /// <summary>Compares what two readers give.</summary>
    /// <param name="request">The columns wanted, and whether retractions are.</param>
    /// <param name="before">The older state, with all columns of the schema.</param>
    /// <param name="after">The newer state, likewise.</param>
    public StateDifference(SplitReadRequest request, SectionReader before, SectionReader after)
    {
        _before = new Side(request.Schema.RowType, request.Schema.TrimmedPrimaryKeyType, before);
        _after = new Side(request.Schema.RowType, request.Schema.TrimmedPrimaryKeyType, after);
        _keepsRetracts = request.KeepRetracts;
        _columns = request.Columns;
        _sources = [.. _columns.Select(i => new[] { _before.Batch.Columns[i], _after.Batch.Columns[i] })];
    }

    /// <summary>Fills a batch with the next rows that differ.</summary>
    /// <param name="target">Cleared first: the columns wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when everything is compared.</returns>
    public async ValueTask<bool> ReadAsync(ColumnBatch target, CancellationToken cancellationToken)
    {
        target.Clear();
        while (target.RowCount == 0)
        {
            await _before.LoadAsync(cancellationToken).ConfigureAwait(false);
            await _after.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (_before.IsAtEnd && _after.IsAtEnd)
            {
                return false;
            }

            Compare();
            Gather(target);
        }

        return true;
    }

    // Goes on until one side has to be loaded.
    private void Compare()
    {
        while (_before.HasRow && _after.HasRow)
        {
            var order = _before.Keys.Compare(_before.Row, _after.Keys, _after.Row);
            if (order < 0)
            {
                TakeBefore();
            }
            else if (order > 0)
            {
                TakeAfter();
            }
            else
            {
                if (!Side.AreEqual(_before, _after))
                {
                    TakeAfter();
                }
                else
                {
                    _after.Row++;
                }

                _before.Row++;
            }
        }

        while (_before.HasRow && _after.IsAtEnd)
        {
            TakeBefore();
        }

        while (_after.HasRow && _before.IsAtEnd)
        {
            TakeAfter();
        }
    }

    private void TakeBefore()
    {
        if (_keepsRetracts && _before.Kind.IsAdd())
        {
            _rows.Add(new RowReference(0, _before.Row));
            _kinds.Add(RowKind.Delete);
        }

        _before.Row++;
    }

    private void TakeAfter()
    {
        if (_keepsRetracts || _after.Kind.IsAdd())
        {
            _rows.Add(new RowReference(1, _after.Row));
            _kinds.Add(_after.Kind);
        }

        _after.Row++;
    }

    private void Gather(ColumnBatch target)
    {
        var rows = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows);
        for (var i = 0; i < _columns.Length; i++)
        {
            target.Columns[i].AppendGather(_sources[i], rows);
        }

        if (target.Kinds is { } kinds)
        {
            _kinds.CopyTo(kinds.AppendUninitialized(_kinds.Count));
        }

        target.EndRows(rows.Length);
        _rows.Clear();
        _kinds.Clear();
    }

    /// <summary>One state: a batch of it and the row that is next.</summary>
    private sealed class Side
    {
        private readonly SectionReader _reader;
        private readonly KeyEncoder _encoder;
        private readonly ColumnVector[] _columns;
        private readonly ColumnVector[] _keyColumns;
        private readonly BinaryRowWriter _writer;

        public Side(RowType rowType, RowType keyType, SectionReader reader)
        {
            _reader = reader;
            Batch = new ColumnBatch(rowType, withKinds: true);
            _encoder = new KeyEncoder(keyType);
            Keys = _encoder.CreateKeys();
            _columns = [.. Batch.Columns];
            _keyColumns = [.. keyType.Fields.Select(field => Batch.Columns[rowType.IndexOf(field.Name)])];
            _writer = new BinaryRowWriter(rowType);
        }

        public ColumnBatch Batch { get; }

        public EncodedKeys Keys { get; }

        public int Row { get; set; }

        public bool HasRow => Row < Batch.RowCount;

        public bool IsAtEnd { get; private set; }

        public RowKind Kind => Batch.KindOf(Row);

        public static bool AreEqual(Side left, Side right) =>
            left.Kind.IsAdd() == right.Kind.IsAdd()
            && left._writer.Write(left._columns, left.Row).SequenceEqual(right._writer.Write(right._columns, right.Row));

        public async ValueTask LoadAsync(CancellationToken cancellationToken)
        {
            if (HasRow || IsAtEnd)
            {
                return;
            }

            Row = 0;
            IsAtEnd = !await _reader.ReadAsync(Batch, cancellationToken).ConfigureAwait(false);
            Keys.Clear();
            _encoder.Encode(_keyColumns, 0, Batch.RowCount, Keys);
        }
    }
}
