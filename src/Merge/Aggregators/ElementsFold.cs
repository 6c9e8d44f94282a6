using System.Runtime.InteropServices;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// A fold of arrays or maps. The accumulator is NULL, a version as it stands, or elements named by their places in the sources;
/// these are copied once, when all groups have been walked.
/// </summary>
internal abstract class ElementsFold : ColumnFold
{
    private readonly List<RowReference> _results = [];
    private readonly List<int> _lengths = [];
    private State _state;
    private RowReference _version;

    private enum State
    {
        Null,
        Version,
        Loaded,
    }

    /// <summary>The elements of the accumulator, once it is loaded.</summary>
    protected List<RowReference> Elements { get; private set; } = [];

    /// <summary>Elements put aside; what is in it does not outlast a version.</summary>
    protected List<RowReference> Aside { get; private set; } = [];

    /// <summary>True when the accumulator is a version as it stands.</summary>
    protected bool IsVersion => _state == State.Version;

    /// <summary>That version.</summary>
    protected RowReference Version => _version;

    /// <inheritdoc/>
    public sealed override void Fold(in FoldInput input, FoldOutput output)
    {
        Bind(input.Sources);
        _results.Clear();
        _lengths.Clear();
        foreach (var group in input.Groups)
        {
            _state = State.Null;
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++)
            {
                var version = input.Plan.Rows[i];
                Take(version, input.ActionOf(i), input.IsNull(version));
            }

            switch (_state)
            {
                case State.Null:
                    output.AppendNull();
                    break;
                case State.Version:
                    output.AppendRow(_version);
                    break;
                default:
                    _lengths.Add(Elements.Count);
                    output.AppendComputedAhead(_lengths.Count);
                    AppendResult(_results);
                    break;
            }
        }

        AppendValues(output.Values, CollectionsMarshal.AsSpan(_results), CollectionsMarshal.AsSpan(_lengths));
    }

    /// <summary>Looks at the sources of a fold.</summary>
    protected abstract void Bind(ReadOnlySpan<ColumnVector> sources);

    /// <summary>Puts the elements of a version, the accumulator so far, in <see cref="Elements"/>, which is empty.</summary>
    protected abstract void Load(RowReference version);

    /// <summary>A version became the accumulator, or NULL came to it: what else that does.</summary>
    /// <param name="isFirst">True when the accumulator was NULL.</param>
    /// <param name="isOlder">True for a version that is older than the accumulator.</param>
    protected virtual void Touch(bool isFirst, bool isOlder)
    {
    }

    /// <summary>Adds a version to the accumulator; neither is NULL.</summary>
    protected abstract void Add(RowReference version);

    /// <summary>Adds a version that is older than the accumulator; neither is NULL.</summary>
    protected abstract void AddOlder(RowReference version);

    /// <summary>Takes a version back; neither it nor the accumulator is NULL.</summary>
    protected abstract void Retract(RowReference version);

    /// <summary>Appends what the values of a group's result are gathered from.</summary>
    protected virtual void AppendResult(List<RowReference> results) => results.AddRange(CollectionsMarshal.AsSpan(Elements));

    /// <summary>Appends the values of all results that are not versions as they stand.</summary>
    /// <param name="values">Given them.</param>
    /// <param name="results">What <see cref="AppendResult"/> appended.</param>
    /// <param name="lengths">The number of elements of each.</param>
    protected abstract void AppendValues(ColumnVector values, ReadOnlySpan<RowReference> results, ReadOnlySpan<int> lengths);

    /// <summary>Makes a version as it stands the accumulator.</summary>
    protected void Begin(RowReference version) => (_state, _version) = (State.Version, version);

    /// <summary>Makes elements of the accumulator.</summary>
    protected void EnsureLoaded()
    {
        if (_state == State.Version)
        {
            Elements.Clear();
            _state = State.Loaded;
            Load(_version);
        }
    }

    /// <summary>Puts the elements aside and begins without any.</summary>
    protected void PutAside()
    {
        (Elements, Aside, _state) = (Aside, Elements, State.Loaded);
        Elements.Clear();
    }

    private void Take(RowReference version, FoldAction action, bool isNull)
    {
        switch (action)
        {
            case FoldAction.Skip:
                return;
            case FoldAction.Reset or FoldAction.ResetRetract:
                (_state, _version) = (isNull ? State.Null : State.Version, version);
                if (action == FoldAction.ResetRetract && !isNull)
                {
                    Retract(version);
                }

                return;
            case FoldAction.Retract or FoldAction.RetractOlder:
                if (!isNull && _state != State.Null)
                {
                    Retract(version);
                }

                return;
        }

        if (isNull || _state == State.Null)
        {
            var isFirst = _state == State.Null;
            if (!isNull)
            {
                Begin(version);
            }

            if (_state != State.Null)
            {
                Touch(isFirst, action == FoldAction.AddOlder);
            }
        }
        else if (action == FoldAction.Add)
        {
            Add(version);
        }
        else
        {
            AddOlder(version);
        }
    }
}
