using System.Reflection;

namespace MLNetCnn.Pipelines;

/// <summary>Reads columns whose type is known only at run time.</summary>
internal static class ColumnReader
{
    /// <summary>A number column as doubles; null where the column is none.</summary>
    public static Func<double>? AsDouble(DataViewRow row, DataViewSchema.Column column) => column.Type is not NumberDataViewType ? null
        : column.Type.RawType == typeof(float) ? Convert<float, double>(row, column, value => value)
        : column.Type.RawType == typeof(double) ? Convert<double, double>(row, column, value => value)
        : column.Type.RawType == typeof(sbyte) ? Convert<sbyte, double>(row, column, value => value)
        : column.Type.RawType == typeof(byte) ? Convert<byte, double>(row, column, value => value)
        : column.Type.RawType == typeof(short) ? Convert<short, double>(row, column, value => value)
        : column.Type.RawType == typeof(ushort) ? Convert<ushort, double>(row, column, value => value)
        : column.Type.RawType == typeof(int) ? Convert<int, double>(row, column, value => value)
        : column.Type.RawType == typeof(uint) ? Convert<uint, double>(row, column, value => value)
        : column.Type.RawType == typeof(long) ? Convert<long, double>(row, column, value => value)
        : Convert<ulong, double>(row, column, value => value);

    /// <summary>A key column as unsigned numbers, 0 missing; null where the column is none.</summary>
    public static Func<ulong>? AsKey(DataViewRow row, DataViewSchema.Column column) => column.Type is not KeyDataViewType ? null
        : column.Type.RawType == typeof(byte) ? Convert<byte, ulong>(row, column, value => value)
        : column.Type.RawType == typeof(ushort) ? Convert<ushort, ulong>(row, column, value => value)
        : column.Type.RawType == typeof(uint) ? Convert<uint, ulong>(row, column, value => value)
        : Convert<ulong, ulong>(row, column, value => value);

    /// <summary>Calls the private static generic method <paramref name="name"/> of <paramref name="owner"/> for run-time types.</summary>
    public static TResult Generic<TResult>(Type owner, string name, Type[] types, params object?[] arguments)
    {
        var method = owner.GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
        return (TResult)method.MakeGenericMethod(types).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    private static Func<TResult> Convert<TValue, TResult>(DataViewRow row, DataViewSchema.Column column, Func<TValue, TResult> convert)
        where TValue : struct
    {
        var getter = row.GetGetter<TValue>(column);
        var value = default(TValue);
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }
}
