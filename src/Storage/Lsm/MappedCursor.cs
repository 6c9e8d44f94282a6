using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Storage.Lsm;

/// <summary>A cursor over a file that gives the columns of another schema. One thread.</summary>
internal sealed class MappedCursor : IAsyncDisposable
{
    private readonly IFormatCursor? _cursor;
    private readonly bool _withSequences;
    private readonly bool _withKinds;
    private readonly long _rowCount;
    private readonly List<ColumnVector> _targets = [];
    private long _position;

    /// <summary>Takes over a cursor.</summary>
    /// <param name="cursor">
    /// The columns that the projection reads, then sequence numbers and kinds; null when nothing is read.
    /// </param>
    /// <param name="projection">How the columns wanted come from those of the file.</param>
    /// <param name="withSequences">True when the cursor has sequence numbers.</param>
    /// <param name="withKinds">True when the cursor has kinds.</param>
    /// <param name="rowCount">The file's rows.</param>
    public MappedCursor(
        IFormatCursor? cursor, FileProjection projection, bool withSequences, bool withKinds, long rowCount)
    {
        _cursor = cursor;
        Projection = projection;
        _withSequences = withSequences;
        _withKinds = withKinds;
        _rowCount = rowCount;
    }

    /// <summary>How the columns wanted come from those of the file.</summary>
    public FileProjection Projection { get; }

    /// <summary>Passes over the rows before a position.</summary>
    public async ValueTask SkipToAsync(long position, CancellationToken cancellationToken)
    {
        if (_cursor is not null && position > _cursor.Position)
        {
            await _cursor.SkipAsync(position - _cursor.Position, cancellationToken).ConfigureAwait(false);
        }

        _position = position;
    }

    /// <summary>Appends the next rows.</summary>
    public async ValueTask<int> ReadAsync(
        ColumnVector[] columns,
        FixedVector<long>? sequences,
        FixedVector<sbyte>? kinds,
        int maxRows,
        CancellationToken cancellationToken)
    {
        _targets.Clear();
        Projection.AddTargets(columns, _targets);
        if (_withSequences)
        {
            _targets.Add(sequences!);
        }

        if (_withKinds)
        {
            _targets.Add(kinds!);
        }

        var rows = _cursor is null
            ? (int)Math.Min(maxRows, _rowCount - _position)
            : await _cursor.ReadAsync(_targets, maxRows, cancellationToken).ConfigureAwait(false);
        Projection.Complete(columns, rows);
        _position += rows;
        return rows;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cursor?.DisposeAsync() ?? ValueTask.CompletedTask;
}
