using System.Runtime.InteropServices;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Predicates;

/// <summary>
/// Evaluates a condition on one column, 64 rows to a word of the selection. Values of at most 8 bytes are compared as
/// order-preserving bits (<see cref="IFixedKey{T}"/>): every comparison is then a test for a range of unsigned integers.
/// </summary>
internal sealed class LeafEvaluator
{
    private const int WordRows = 64;

    private readonly PredicateOperator _operator;
    private readonly ColumnVector _literals;
    private readonly ulong[] _members = [];
    private readonly bool _isNever;
    private readonly bool _isNegated;
    private readonly ulong _low;
    private readonly ulong _high;

    public LeafEvaluator(LeafPredicate leaf)
    {
        _operator = leaf.Operator;
        _literals = leaf.Operator == PredicateOperator.In ? leaf.DistinctLiterals() : leaf.Literals;
        _isNever = IsNeverTrue();
        _isNegated = _operator is PredicateOperator.NotEqual or PredicateOperator.NotIn or PredicateOperator.NotBetween
            or PredicateOperator.NotStartsWith or PredicateOperator.NotEndsWith or PredicateOperator.NotContains;
        if (_isNever || !IsFixed(_literals) || _literals.NullCount > 0)
        {
            return;
        }

        var bits = new ulong[_literals.Length];
        KeyColumnWriter.AddToPrefixes(_literals, nullable: false, 0, bits, shift: 0);
        switch (_operator)
        {
            case PredicateOperator.In or PredicateOperator.NotIn:
                Array.Sort(bits);
                _members = bits;
                break;
            case PredicateOperator.LessThan:
                _isNever = bits[0] == 0;
                _high = bits[0] - 1;
                break;
            case PredicateOperator.LessOrEqual:
                _high = bits[0];
                break;
            case PredicateOperator.GreaterThan:
                _isNever = bits[0] == ulong.MaxValue;
                (_low, _high) = (bits[0] + 1, ulong.MaxValue);
                break;
            case PredicateOperator.GreaterOrEqual:
                (_low, _high) = (bits[0], ulong.MaxValue);
                break;
            case PredicateOperator.Equal or PredicateOperator.NotEqual:
                (_low, _high) = (bits[0], bits[0]);
                break;
            case PredicateOperator.Between or PredicateOperator.NotBetween:
                (_low, _high) = (bits[0], bits[1]);
                break;
        }
    }

    /// <summary>Selects the rows for which the condition is true; the selection is empty before.</summary>
    public void Evaluate(ColumnVector column, int rows, RowSelection selection)
    {
        if (_isNever)
        {
            return;
        }

        if (_operator is PredicateOperator.IsNull)
        {
            selection.SelectAll();
            RemoveValid(column, selection);
            return;
        }

        if (_operator is PredicateOperator.IsNotNull)
        {
            selection.SelectAll();
        }
        else if (IsFixed(_literals) && _literals.NullCount == 0)
        {
            EvaluateFixed(column, rows, selection);
        }
        else
        {
            EvaluateRows(column, rows, selection);
        }

        RemoveNulls(column, selection);
    }

    private static bool IsFixed(ColumnVector column) =>
        column is not (BinaryVector or FixedVector<Int128> or FixedVector<NanoTimestamp> or ListVector or MapVector or StructVector);

    private bool IsNeverTrue() => _operator switch
    {
        PredicateOperator.IsNull or PredicateOperator.IsNotNull => false,
        PredicateOperator.In => _literals.Length == 0,
        PredicateOperator.NotBetween => _literals.NullCount == 2,
        _ => _literals.NullCount > 0,
    };

    private void EvaluateFixed(ColumnVector column, int rows, RowSelection selection)
    {
        Span<ulong> bits = stackalloc ulong[WordRows];
        var flip = _isNegated ? ulong.MaxValue : 0;
        var width = _high - _low;
        var isEmptyRange = _low > _high;
        for (var start = 0; start < rows; start += WordRows)
        {
            var count = Math.Min(WordRows, rows - start);
            var chunk = bits[..count];
            chunk.Clear();
            KeyColumnWriter.AddToPrefixes(column, nullable: false, start, chunk, shift: 0);
            var word = 0UL;
            if (_operator is PredicateOperator.In or PredicateOperator.NotIn)
            {
                for (var i = 0; i < chunk.Length; i++)
                {
                    word |= (Array.BinarySearch(_members, chunk[i]) >= 0 ? 1UL : 0) << i;
                }
            }
            else if (!isEmptyRange)
            {
                for (var i = 0; i < chunk.Length; i++)
                {
                    word |= (chunk[i] - _low <= width ? 1UL : 0) << i;
                }
            }

            selection.Words[start / WordRows] = (word ^ flip) & (ulong.MaxValue >> (WordRows - count));
        }
    }

    private void EvaluateRows(ColumnVector column, int rows, RowSelection selection)
    {
        for (var start = 0; start < rows; start += WordRows)
        {
            var word = 0UL;
            for (var row = start; row < Math.Min(rows, start + WordRows); row++)
            {
                word |= (!column.IsNull(row) && Test(column, row) ? 1UL : 0) << (row & (WordRows - 1));
            }

            selection.Words[start / WordRows] = word;
        }
    }

    private bool Test(ColumnVector column, int row) => _operator switch
    {
        PredicateOperator.Equal => Order(column, row, 0) == 0,
        PredicateOperator.NotEqual => Order(column, row, 0) != 0,
        PredicateOperator.LessThan => Order(column, row, 0) < 0,
        PredicateOperator.LessOrEqual => Order(column, row, 0) <= 0,
        PredicateOperator.GreaterThan => Order(column, row, 0) > 0,
        PredicateOperator.GreaterOrEqual => Order(column, row, 0) >= 0,
        PredicateOperator.Between => Order(column, row, 0) >= 0 && Order(column, row, 1) <= 0,
        PredicateOperator.NotBetween => (!_literals.IsNull(0) && Order(column, row, 0) < 0)
            || (!_literals.IsNull(1) && Order(column, row, 1) > 0),
        PredicateOperator.In or PredicateOperator.NotIn => IsMember(column, row) != _isNegated,
        PredicateOperator.StartsWith or PredicateOperator.NotStartsWith => Bytes(column, row).StartsWith(Bytes(_literals, 0)) != _isNegated,
        PredicateOperator.EndsWith or PredicateOperator.NotEndsWith => Bytes(column, row).EndsWith(Bytes(_literals, 0)) != _isNegated,
        _ => (Bytes(column, row).IndexOf(Bytes(_literals, 0)) >= 0) != _isNegated,
    };

    private bool IsMember(ColumnVector column, int row)
    {
        for (var i = 0; i < _literals.Length; i++)
        {
            if (Order(column, row, i) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private int Order(ColumnVector column, int row, int literal) => ValueOrder.Compare(column, row, _literals, literal);

    private static ReadOnlySpan<byte> Bytes(ColumnVector column, int row) => ((BinaryVector)column)[row];

    private static void RemoveNulls(ColumnVector column, RowSelection selection)
    {
        if (column.NullCount > 0)
        {
            Combine(selection, column.Validity, flip: 0);
        }
    }

    private static void RemoveValid(ColumnVector column, RowSelection selection)
    {
        if (column.NullCount == 0)
        {
            selection.Words.Clear();
        }
        else
        {
            Combine(selection, column.Validity, flip: 0xFF);
        }
    }

    // A word's bytes are the bitmap's, least significant first.
    private static void Combine(RowSelection selection, ReadOnlySpan<byte> validity, byte flip)
    {
        var bytes = MemoryMarshal.AsBytes(selection.Words);
        for (var i = 0; i < validity.Length; i++)
        {
            bytes[BitConverter.IsLittleEndian ? i : i ^ 7] &= (byte)(validity[i] ^ flip);
        }
    }
}
