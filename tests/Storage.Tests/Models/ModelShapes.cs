using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>
/// Random tables of an engine, of those for which Paimon keeps the laws. Where keys move between partitions retractions are not ignored:
/// the index of keys follows an ignored row, and the row that a key leaves behind is taken away by one; nor are they aggregated, as
/// the partition is a column like others then, which they clear.
/// </summary>
internal sealed class ModelShapes
{
    /// <summary>Functions of which the merge of parts is the merge of the whole in any order of the rows, with the types they take here.</summary>
    private static readonly (string Function, DataType[] Types)[] Commutative =
    [
        ("sum", [DataTypes.Int, DataTypes.BigInt, DataTypes.TinyInt, DataTypes.Double, DataTypes.Decimal(20, 0), DataTypes.Decimal(9, 2)]),
        ("product", [DataTypes.Int, DataTypes.BigInt]),
        ("max", [DataTypes.Int, DataTypes.String, DataTypes.Double, DataTypes.Date, DataTypes.Timestamp(9)]),
        ("min", [DataTypes.BigInt, DataTypes.String, DataTypes.TinyInt, DataTypes.Time(3), DataTypes.Decimal(9, 2)]),
        ("bool_and", [DataTypes.Boolean]),
        ("bool_or", [DataTypes.Boolean]),
    ];

    /// <summary>Those that need the rows in their order.</summary>
    private static readonly (string Function, DataType[] Types)[] Ordered =
    [
        ("last_value", [DataTypes.Int, DataTypes.String]),
        ("last_non_null_value", [DataTypes.Int, DataTypes.String, DataTypes.Boolean]),
        ("first_value", [DataTypes.Int, DataTypes.String]),
        ("first_non_null_value", [DataTypes.Int, DataTypes.String]),
        ("listagg", [DataTypes.String]),
        ("collect", [DataTypes.Array(DataTypes.Int)]),
        ("merge_map", [DataTypes.Map(DataTypes.String.NotNull(), DataTypes.BigInt)]),
    ];

    private readonly Random _random;
    private readonly List<KeyValuePair<string, string>> _options = [];
    private readonly List<ModelField> _fields = [];
    private RetractRule _retracts;
    private bool _isMonotone;
    private bool _isDescending;
    private string _defaultFunction = "last_non_null_value";

    private ModelShapes(Random random) => _random = random;

    /// <summary>The combinations of changelog producer, buckets and deletion vectors that Paimon allows with an engine.</summary>
    public static IReadOnlyList<(string Producer, ModelBuckets Buckets, bool HasVectors)> Combinations(string engine)
    {
        string[] producers = engine == "first-row" ? ["none", "lookup"] : ["none", "input", "lookup", "full-compaction"];
        return
        [
            .. from producer in producers
               from hasVectors in new[] { false, true }
               where !hasVectors || (engine != "first-row" && producer != "full-compaction")
               from buckets in Enum.GetValues<ModelBuckets>()
               select (producer, buckets, hasVectors),
        ];
    }

    /// <summary>A random table of a combination.</summary>
    public static ModelShape Random(Random random, string engine, string producer, ModelBuckets buckets, bool hasVectors) =>
        new ModelShapes(random).Create(engine, producer, buckets, hasVectors);

    private ModelShape Create(string engine, string producer, ModelBuckets buckets, bool hasVectors)
    {
        var isCross = buckets == ModelBuckets.CrossPartition;
        switch (engine)
        {
            case "deduplicate":
                ChooseDeduplicate(isCross);
                break;
            case "first-row":
                AddPlain(1 + _random.Next(4), allowsNotNull: true);
                if (!isCross && _random.Next(2) == 0)
                {
                    Set("ignore-delete", "true");
                    _retracts = RetractRule.Any;
                }

                break;
            case "aggregation":
                ChooseAggregation(isCross);
                break;
            default:
                ChoosePartialUpdate(isCross);
                break;
        }

        // With force-lookup only the lowest level of a key counts, but compactions for producer full-compaction look nothing up.
        if (producer != "full-compaction" && _random.Next(8) == 0)
        {
            Set("force-lookup", "true");
        }

        if (!isCross && !_options.Exists(option => option.Key.StartsWith("ignore", StringComparison.Ordinal)) && _random.Next(8) == 0)
        {
            Set("ignore-update-before", "true");
        }

        if (producer != "none" && _random.Next(4) == 0)
        {
            Set("changelog.num-retained.max", "1000");
            Set("changelog.time-retained", "10 d");
        }

        if (buckets == ModelBuckets.Postponed)
        {
            Set("bucket", "-2");
            Set("postpone.default-bucket-num", $"{1 + _random.Next(3)}");
        }
        else if (buckets == ModelBuckets.Fixed)
        {
            Set("bucket", $"{1 + _random.Next(3)}");
        }
        else
        {
            Set("dynamic-bucket.target-row-num", $"{2 + _random.Next(20)}");
        }

        DataType[] keys =
            [.. Enumerable.Range(0, 1 + (_random.Next(3) / 2) + (_random.Next(6) / 5)).Select(_ => ModelValues.NextKeyType(_random))];
        ChooseBucketKey(buckets, keys);
        if (keys[0].Root is TypeRoot.Int or TypeRoot.BigInt or TypeRoot.VarChar && _random.Next(4) == 0)
        {
            Set("file-index.bloom-filter.columns", "k0");
            Set("file-index.bloom-filter.k0.items", "20");
        }

        return new ModelShape
        {
            Engine = engine,
            Producer = producer,
            Buckets = buckets,
            HasVectors = hasVectors,
            KeyTypes = keys,
            PartitionType = NextPartitionType(isCross),
            Fields = _fields,
            Retracts = _retracts,
            IsMonotone = _isMonotone,
            IsDescending = _isDescending,
            DefaultFunction = _defaultFunction,
            Options = _options,
            Tuning = ModelTuning.Random(
                _random, allowsAvro: !keys.Concat(_fields.Select(field => field.Type)).Any(type => type is TemporalType { Precision: > 6 })),
        };
    }

    private DataType? NextPartitionType(bool isCross) => !isCross && _random.Next(3) > 0 ? null
        : isCross && _random.Next(2) == 0 ? ModelValues.NextPartitionType(_random).Nullable()
        : ModelValues.NextPartitionType(_random);

    private void ChooseBucketKey(ModelBuckets buckets, DataType[] keys)
    {
        if (buckets is not (ModelBuckets.Fixed or ModelBuckets.Postponed) || _random.Next(3) > 0)
        {
            return;
        }

        Set("bucket-key", "k0");
        if (keys[0].Root is TypeRoot.Int or TypeRoot.BigInt)
        {
            Set("bucket-function.type", "mod");
        }
    }

    private void ChooseDeduplicate(bool isCross)
    {
        AddPlain(_random.Next(4), allowsNotNull: true);
        _retracts = RetractRule.Any;
        if (!isCross && _random.Next(3) == 0)
        {
            AddSequence();
        }

        if (!isCross && _random.Next(6) == 0)
        {
            Set("ignore-delete", "true");
        }
    }

    private void ChooseAggregation(bool isCross)
    {
        _retracts = _random.Next(4) switch
        {
            0 => RetractRule.None,
            1 when !isCross => RetractRule.OfPresentKeys,
            2 when !isCross => RetractRule.Last,
            3 when !isCross => RetractRule.Any,
            _ => RetractRule.None,
        };
        if (_retracts == RetractRule.Any)
        {
            Set("ignore-delete", "true");
        }
        else if (_retracts == RetractRule.Last)
        {
            Set("aggregation.remove-record-on-delete", "true");
        }

        // A retraction takes the sequence back too, which is a last value, unless that ignores it; but a row made of retractions alone
        // has none then, and is the oldest of its key.
        var hasSequence = !isCross && _random.Next(3) == 0;
        var isCommutative = (hasSequence && _retracts == RetractRule.OfPresentKeys) || _random.Next(2) == 0;
        for (var i = 1 + _random.Next(5); i > 0; i--)
        {
            AddAggregate($"a{i}", isCommutative, ModelField.NoGroup);
        }

        if (_retracts is RetractRule.None or RetractRule.Any && !isCommutative && _random.Next(3) == 0)
        {
            _defaultFunction = _random.Next(2) == 0 ? "last_value" : "first_non_null_value";
            Set("fields.default-aggregate-function", _defaultFunction);
        }

        if (_retracts != RetractRule.OfPresentKeys)
        {
            AddPlain(_random.Next(isCommutative && hasSequence ? 1 : 3), allowsNotNull: _retracts != RetractRule.Last);
        }

        if (hasSequence)
        {
            AddSequence();
            _isMonotone = !isCommutative || _retracts == RetractRule.Last;
        }
    }

    private void ChoosePartialUpdate(bool isCross)
    {
        if (_random.Next(5) < 3)
        {
            ChooseGroups(isCross);
            return;
        }

        _retracts = _random.Next(4) switch
        {
            0 when !isCross => RetractRule.Any,
            1 when !isCross => RetractRule.Last,
            _ => RetractRule.None,
        };
        AddPlain(1 + _random.Next(5), allowsNotNull: _retracts != RetractRule.Last);
        if (_retracts == RetractRule.Any)
        {
            Set("ignore-delete", "true");
        }
        else if (_retracts == RetractRule.Last)
        {
            Set("partial-update.remove-record-on-delete", "true");
        }

        if (!isCross && _random.Next(5) == 0)
        {
            AddSequence();
            _isMonotone = true;
        }
    }

    private void ChooseGroups(bool isCross)
    {
        _retracts = _random.Next(3) switch
        {
            0 when !isCross => RetractRule.OfGroups,
            1 when !isCross => RetractRule.Any,
            _ => RetractRule.None,
        };
        if (_retracts == RetractRule.Any)
        {
            Set("ignore-delete", "true");
        }

        var isCommutative = _random.Next(2) == 0;
        _isMonotone = !isCommutative || _retracts == RetractRule.OfGroups;
        var groups = 1 + _random.Next(2);
        for (var group = 0; group < groups; group++)
        {
            var sequences = new List<string> { $"s{group}" };
            if (_random.Next(3) == 0)
            {
                sequences.Add($"t{group}");
            }

            var columns = new List<string>();
            for (var i = _random.Next(3); i >= 0; i--)
            {
                columns.Add($"g{group}{i}");
                if (_random.Next(2) == 0)
                {
                    AddAggregate(columns[^1], isCommutative, group);
                }
                else
                {
                    _fields.Add(new ModelField(_fields.Count, columns[^1], ModelValues.NextPlainType(_random)) { Group = group });
                }
            }

            foreach (var sequence in sequences)
            {
                _fields.Add(new ModelField(_fields.Count, sequence, ModelValues.NextSequenceType(_random)) { Group = group, IsSequence = true });
            }

            Set($"fields.{string.Join(',', sequences)}.sequence-group", string.Join(',', columns));
        }

        if (_retracts == RetractRule.OfGroups && _random.Next(2) == 0)
        {
            Set("partial-update.remove-record-on-sequence-group", "s0");
            _retracts = RetractRule.Last;
        }

        AddPlain(_random.Next(3), allowsNotNull: _retracts is RetractRule.None or RetractRule.Any);
    }

    private void AddAggregate(string name, bool isCommutative, int group)
    {
        var takesBack = _retracts is RetractRule.OfPresentKeys or RetractRule.OfGroups;
        var choices = isCommutative || _random.Next(2) == 0 ? Commutative : Ordered;
        if (_retracts is RetractRule.Last or RetractRule.OfGroups or RetractRule.OfPresentKeys && choices == Ordered)
        {
            // Whether a first value was seen is forgotten with a tombstone; a retraction that was merged without the rows before
            // it clears nothing of last_non_null_value.
            choices = _retracts == RetractRule.Last ? Ordered[..2] : Ordered[..1];
        }

        var (function, types) = choices[_random.Next(choices.Length)];
        var ignores = takesBack && function is not ("sum" or "last_value");
        _fields.Add(new ModelField(_fields.Count, name, types[_random.Next(types.Length)])
        {
            Function = function,
            IgnoresRetracts = ignores,
            Group = group,
        });
        Set($"fields.{name}.aggregate-function", function);
        if (ignores)
        {
            Set($"fields.{name}.ignore-retract", "true");
        }
    }

    private void AddSequence()
    {
        var names = new List<string>();
        for (var i = _random.Next(4) / 3; i >= 0; i--)
        {
            names.Add($"s{i}");
            var ignores = _retracts == RetractRule.OfPresentKeys;
            _fields.Add(new ModelField(_fields.Count, names[^1], ModelValues.NextSequenceType(_random))
            {
                IsSequence = true,
                IgnoresRetracts = ignores,
            });
            if (ignores)
            {
                Set($"fields.{names[^1]}.ignore-retract", "true");
            }
        }

        Set("sequence.field", string.Join(',', names));
        if (_random.Next(4) == 0)
        {
            Set("sequence.field.sort-order", "descending");
            _isDescending = true;
        }
    }

    private void AddPlain(int count, bool allowsNotNull)
    {
        for (var i = 0; i < count; i++)
        {
            var type = ModelValues.NextPlainType(_random);
            _fields.Add(new ModelField(_fields.Count, $"c{i}", allowsNotNull && _random.Next(4) == 0 ? type.NotNull() : type));
        }
    }

    private void Set(string key, string value) => _options.Add(new(key, value));
}
