namespace PaimonSharp.Merge.Sketches;

/// <summary>
/// A HyperLogLog sketch of Apache DataSketches (docs/format.md#hll-sketches): coupons (a 26-bit hash and the number of zeros
/// before the first one of another) while there are few, then registers that keep the largest number of zeros. Uniting two
/// gives the bytes that DataSketches 4.2 gives. One thread.
/// </summary>
internal sealed class HllSketch
{
    /// <summary>The bits of a coupon or pair below its value.</summary>
    public const int KeyBits = 26;

    private const int LgListSize = 3;
    private const int LgFirstSetSize = 5;

    private HllMode _mode;
    private int _lgK;
    private int[] _coupons;
    private int _lgCoupons = LgListSize;
    private int _count;
    private byte[] _registers = [];
    private double _hip;
    private bool _isOutOfOrder;
    private double _lowSum;
    private double _highSum;

    /// <summary>Makes an empty sketch.</summary>
    /// <param name="lgK">The logarithm of the number of registers, 4 to 21.</param>
    public HllSketch(int lgK)
    {
        _lgK = lgK;
        _coupons = new int[1 << LgListSize];
    }

    /// <summary>Makes a sketch of registers.</summary>
    /// <param name="lgK">The logarithm of their number.</param>
    /// <param name="registers">Their values.</param>
    /// <param name="hip">The estimate that counted along.</param>
    /// <param name="isOutOfOrder">True when the estimate does not hold, since sketches were united.</param>
    public HllSketch(int lgK, byte[] registers, double hip, bool isOutOfOrder)
        : this(lgK)
    {
        _mode = HllMode.Registers;
        (_registers, _hip, _isOutOfOrder) = (registers, hip, isOutOfOrder);
        SumUp();
    }

    /// <summary>Makes a sketch whose coupons lie in a hash table as it was stored.</summary>
    /// <param name="lgK">The logarithm of the number of registers.</param>
    /// <param name="table">The table, 0 where it is free.</param>
    /// <param name="lgTable">The logarithm of its room.</param>
    /// <param name="count">Its coupons.</param>
    public HllSketch(int lgK, int[] table, int lgTable, int count)
        : this(lgK)
    {
        _mode = HllMode.Set;
        (_coupons, _lgCoupons, _count) = (table, lgTable, count);
    }

    /// <summary>How it keeps what it saw.</summary>
    public HllMode Mode => _mode;

    /// <summary>The logarithm of the number of registers.</summary>
    public int LgK => _lgK;

    /// <summary>The coupons with gaps of 0, in the order of the bytes; none in registers.</summary>
    public ReadOnlySpan<int> Coupons => _coupons;

    /// <summary>The logarithm of the room for coupons.</summary>
    public int LgCoupons => _lgCoupons;

    /// <summary>The coupons.</summary>
    public int Count => _count;

    /// <summary>The registers; empty for coupons.</summary>
    public ReadOnlySpan<byte> Registers => _registers;

    /// <summary>The estimate that counted along; 0 when it does not hold.</summary>
    public double Hip => _hip;

    /// <summary>True when <see cref="Hip"/> does not hold.</summary>
    public bool IsOutOfOrder => _isOutOfOrder;

    /// <summary>The sum of 2^-value over all registers below 32.</summary>
    public double LowSum => _lowSum;

    /// <summary>The sum of 2^-value over all registers from 32 on. Both sums are exact.</summary>
    public double HighSum => _highSum;

    /// <summary>A coupon, or a register and its value.</summary>
    public static int Pair(int key, int value) => (value << KeyBits) | key;

    /// <summary>Makes a set of coupons without any.</summary>
    public static HllSketch EmptySet(int lgK) => new(lgK, new int[1 << LgFirstSetSize], LgFirstSetSize, 0);

    /// <summary>
    /// Adds what another sketch saw. The registers become as few as those of the sketch with fewer; this one, when it came
    /// first, sets the most that there may be.
    /// </summary>
    public void Unite(HllSketch other)
    {
        if (other._mode != HllMode.Registers)
        {
            if (_mode == HllMode.List && _count == 0 && other._mode == HllMode.Set && other._lgK == _lgK)
            {
                (_mode, _coupons, _lgCoupons, _count) = (HllMode.Set, [.. other._coupons], other._lgCoupons, other._count);
                return;
            }

            AddAll(other._coupons);
            return;
        }

        if (_mode == HllMode.Registers)
        {
            if (other._lgK < _lgK)
            {
                Fold(_registers, other._lgK);
            }

            TakeLarger(other._registers);
            (_isOutOfOrder, _hip) = (true, 0);
            SumUp();
            return;
        }

        // The other's registers take the place of the coupons, which are added to them.
        var coupons = _coupons;
        _mode = HllMode.Registers;
        _lgK = Math.Min(_lgK, other._lgK);
        _registers = new byte[1 << _lgK];
        TakeLarger(other._registers);
        (_coupons, _hip, _isOutOfOrder) = ([], other._hip, other._isOutOfOrder);
        SumUp();
        AddAll(coupons);
    }

    /// <summary>Adds a coupon.</summary>
    public void Add(int coupon)
    {
        switch (_mode)
        {
            case HllMode.List:
                AddToList(coupon);
                break;
            case HllMode.Set:
                AddToSet(coupon);
                break;
            default:
                AddToRegisters(coupon);
                break;
        }
    }

    private static double InversePower(int value) => BitConverter.Int64BitsToDouble((1023L - value) << 52);

    private void AddAll(int[] coupons)
    {
        foreach (var coupon in coupons)
        {
            if (coupon != 0)
            {
                Add(coupon);
            }
        }
    }

    private void AddToList(int coupon)
    {
        if (_coupons.AsSpan(0, _count).Contains(coupon))
        {
            return;
        }

        _coupons[_count++] = coupon;
        if (_count < _coupons.Length)
        {
            return;
        }

        if (_lgK < 8)
        {
            PromoteToRegisters();
            return;
        }

        var listed = _coupons;
        (_mode, _coupons, _lgCoupons, _count) = (HllMode.Set, new int[1 << LgFirstSetSize], LgFirstSetSize, 0);
        AddAll(listed);
    }

    private void AddToSet(int coupon)
    {
        if (!Place(_coupons, _lgCoupons, coupon))
        {
            return;
        }

        _count++;
        if (4 * _count <= 3 * _coupons.Length)
        {
            return;
        }

        if (_lgCoupons == _lgK - 3)
        {
            PromoteToRegisters();
            return;
        }

        var larger = new int[1 << ++_lgCoupons];
        foreach (var moved in _coupons)
        {
            if (moved != 0)
            {
                Place(larger, _lgCoupons, moved);
            }
        }

        _coupons = larger;
    }

    private void AddToRegisters(int coupon)
    {
        var value = coupon >>> KeyBits;
        ref var register = ref _registers[coupon & (_registers.Length - 1)];
        if (value <= register)
        {
            return;
        }

        _hip += _registers.Length / (_lowSum + _highSum);
        AddToSums(register, -1);
        AddToSums(value, 1);
        register = (byte)value;
    }

    private void PromoteToRegisters()
    {
        var (coupons, count) = (_coupons, _count);
        _mode = HllMode.Registers;
        (_registers, _coupons, _isOutOfOrder) = (new byte[1 << _lgK], [], false);
        SumUp();
        AddAll(coupons);
        _hip = CouponEstimate.Of(count);
    }

    private static bool Place(int[] table, int lgTable, int coupon)
    {
        var mask = table.Length - 1;
        var at = coupon & mask;
        while (table[at] != 0)
        {
            if (table[at] == coupon)
            {
                return false;
            }

            at = (at + (((coupon & ((1 << KeyBits) - 1)) >>> lgTable) | 1)) & mask;
        }

        table[at] = coupon;
        return true;
    }

    private void Fold(byte[] registers, int lgK)
    {
        _lgK = lgK;
        _registers = new byte[1 << lgK];
        TakeLarger(registers);
    }

    private void TakeLarger(byte[] registers)
    {
        var mask = _registers.Length - 1;
        for (var i = 0; i < registers.Length; i++)
        {
            ref var register = ref _registers[i & mask];
            register = Math.Max(register, registers[i]);
        }
    }

    private void SumUp()
    {
        (_lowSum, _highSum) = (0, 0);
        foreach (var value in _registers)
        {
            AddToSums(value, 1);
        }
    }

    private void AddToSums(int value, int sign)
    {
        if (value < 32)
        {
            _lowSum += sign * InversePower(value);
        }
        else
        {
            _highSum += sign * InversePower(value);
        }
    }
}
