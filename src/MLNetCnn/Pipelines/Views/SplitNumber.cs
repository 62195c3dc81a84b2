using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetCnn.Pipelines;

/// <summary>
/// A number in [0, 1) for every row, evenly spread and fixed by the seed: from the row's identity, or from the value of a
/// sampling key, so that rows with the same value get the same number. Identities do not change when rows are shuffled, so a
/// split stays one whatever order it is read in; a split of a part of another draws its own numbers.
/// </summary>
internal sealed class SplitNumber
{
    private readonly ulong _seed;
    private readonly DataViewSchema.Column? _key;

    public SplitNumber(IDataView input, string? samplingKeyColumnName, int seed)
    {
        var schema = input.Schema;
        _seed = Mix((uint)seed + (0x9E3779B97F4A7C15UL * ((ulong)DataView.SplitsOf(input) + 1)));
        _key = samplingKeyColumnName is null ? null : schema[samplingKeyColumnName];
        if (_key is { Type: not PrimitiveDataViewType } key)
        {
            throw new InvalidOperationException($"the sampling key '{key.Name}' is {key.Type}: use a text, number, key or boolean column");
        }
    }

    /// <summary>The rows whose number is in [<paramref name="from"/>, <paramref name="to"/>), or with <paramref name="complement"/> the others.</summary>
    public RowFilter Rows(IDataView input, double from, double to, bool complement) =>
        new(input, _key is { } key ? [key] : [], row =>
        {
            var number = Of(row);
            return () => number() is var value && (value >= from && value < to) != complement;
        }, isSplit: true);

    private Func<double> Of(DataViewRow row)
    {
        if (_key is { } key)
        {
            return ColumnReader.Generic<Func<double>>(typeof(SplitNumber), nameof(OfValue), [key.Type.RawType], row, key, _seed);
        }

        var getter = row.GetIdGetter();
        var id = default(DataViewRowId);
        return () =>
        {
            getter(ref id);
            return Number(Mix(Mix(_seed ^ id.Low) ^ id.High));
        };
    }

    private static Func<double> OfValue<T>(DataViewRow row, DataViewSchema.Column column, ulong seed)
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            return Number(value is ReadOnlyMemory<char> text ? Hash(MemoryMarshal.AsBytes(text.Span), seed) : Mix(seed ^ Bits(value)));
        };
    }

    private static ulong Bits(object? value) => value switch
    {
        ulong number => number,
        float or double => (ulong)BitConverter.DoubleToInt64Bits(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        _ => (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    private static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed)
    {
        // FNV-1a; string.GetHashCode differs from process to process.
        var hash = 0xCBF29CE484222325UL ^ seed;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x100000001B3UL;
        }

        return Mix(hash);
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    private static double Number(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
