namespace MLNetCnn.Pipelines;

/// <summary>Ties the members of a row class to a view's getters, in both directions.</summary>
internal static class RowBinding
{
    /// <summary>The schema of the columns that <paramref name="members"/> are.</summary>
    public static DataViewSchema Schema(IEnumerable<RowMember> members)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var member in members)
        {
            builder.AddColumn(member.Name, member.Type, member.Annotations);
        }

        return builder.ToSchema();
    }

    /// <summary>The getter of a column whose value is <paramref name="member"/> of the object that <paramref name="current"/> gives.</summary>
    public static Delegate Getter<TRow>(RowMember member, Func<TRow> current) => Dispatch<Delegate>(member,
        nameof(TextGetter), nameof(TextsGetter), nameof(ArrayGetter), nameof(VectorGetter), nameof(ValueGetter), typeof(TRow), member, current);

    /// <summary>What copies the row's columns into an object's members; a member without a column of its name is left as it is.</summary>
    /// <exception cref="InvalidOperationException">A column's type does not suit its member.</exception>
    public static Action<TRow> Filler<TRow>(IEnumerable<RowMember> members, DataViewRow source)
    {
        var fillers = members.Select(member => (member, column: source.Schema.GetColumnOrNull(member.Name)))
            .Where(pair => pair.column is not null)
            .Select(pair => Dispatch<Action<TRow>>(pair.member,
                nameof(FillText), nameof(FillTexts), nameof(FillArray), nameof(FillVector), nameof(FillValue), typeof(TRow), pair.member, source, pair.column!.Value))
            .ToArray();
        return row =>
        {
            foreach (var fill in fillers)
            {
                fill(row);
            }
        };
    }

    /// <summary>The columns of <paramref name="schema"/> that <paramref name="members"/> take.</summary>
    /// <exception cref="InvalidOperationException">One is missing and that is not allowed, or has another type.</exception>
    public static IReadOnlyList<DataViewSchema.Column> Columns(IEnumerable<RowMember> members, DataViewSchema schema, Type rowType, bool ignoreMissing)
    {
        var found = new List<DataViewSchema.Column>();
        var problems = new List<string>();
        foreach (var member in members)
        {
            if (schema.GetColumnOrNull(member.Name) is not { } column)
            {
                if (!ignoreMissing)
                {
                    problems.Add($"there is no column '{member.Name}'");
                }
            }
            else if (column.Type.RawType != member.Type.RawType)
            {
                problems.Add($"column '{column.Name}' is {column.Type}, but the member is {ClrTypeName.Of(member.MemberType)}");
            }
            else
            {
                found.Add(column);
            }
        }

        return problems.Count == 0 ? found : throw new InvalidOperationException(
            $"{rowType.Name} does not fit the data ({schema}): {string.Join("; ", problems)}. Change the member's type, its [ColumnName], or mark it [NoColumn]");
    }

    private static T Dispatch<T>(RowMember member, string text, string texts, string array, string vector, string value, Type rowType, params object[] arguments)
    {
        var type = member.MemberType;
        var (name, types) = type == typeof(string) ? (text, new[] { rowType })
            : type == typeof(string[]) ? (texts, [rowType])
            : type.IsArray ? (array, [rowType, type.GetElementType()!])
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? (vector, [rowType, type.GetGenericArguments()[0]])
            : (value, [rowType, type]);
        return ColumnReader.Generic<T>(typeof(RowBinding), name, types, arguments);
    }

    private static Delegate TextGetter<TRow>(RowMember member, Func<TRow> current)
    {
        var read = member.Reader<TRow, string?>();
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = read(current()).AsMemory());
    }

    private static Delegate TextsGetter<TRow>(RowMember member, Func<TRow> current)
    {
        var read = member.Reader<TRow, string?[]?>();
        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            var texts = Sized(member, read(current()));
            var editor = VBufferEditor.Create(ref value, texts.Length);
            for (var i = 0; i < texts.Length; i++)
            {
                editor.Values[i] = texts[i].AsMemory();
            }

            value = editor.Commit();
        });
    }

    private static Delegate ArrayGetter<TRow, TItem>(RowMember member, Func<TRow> current)
    {
        var read = member.Reader<TRow, TItem[]?>();
        return (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> value) => VBuffer.Fill<TItem>(Sized(member, read(current())), ref value));
    }

    private static Delegate VectorGetter<TRow, TItem>(RowMember member, Func<TRow> current)
    {
        var read = member.Reader<TRow, VBuffer<TItem>>();
        return (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> value) =>
        {
            var vector = read(current());
            CheckSize(member, vector.Length);
            vector.CopyTo(ref value);
        });
    }

    private static Delegate ValueGetter<TRow, TValue>(RowMember member, Func<TRow> current)
    {
        var read = member.Reader<TRow, TValue>();
        return (ValueGetter<TValue>)((ref TValue value) => value = read(current()));
    }

    private static Action<TRow> FillText<TRow>(RowMember member, DataViewRow source, DataViewSchema.Column column)
    {
        var write = member.Writer<TRow, string>();
        var getter = source.GetGetter<ReadOnlyMemory<char>>(column);
        var text = default(ReadOnlyMemory<char>);
        return row =>
        {
            getter(ref text);
            write(row, text.ToString());
        };
    }

    private static Action<TRow> FillTexts<TRow>(RowMember member, DataViewRow source, DataViewSchema.Column column)
    {
        var write = member.Writer<TRow, string[]>();
        var getter = source.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        var texts = default(VBuffer<ReadOnlyMemory<char>>);
        return row =>
        {
            getter(ref texts);
            write(row, [.. texts.DenseValues().Select(text => text.ToString())]);
        };
    }

    private static Action<TRow> FillArray<TRow, TItem>(RowMember member, DataViewRow source, DataViewSchema.Column column)
    {
        var read = member.Reader<TRow, TItem[]?>();
        var write = member.Writer<TRow, TItem[]>();
        var getter = source.GetGetter<VBuffer<TItem>>(column);
        var vector = default(VBuffer<TItem>);
        return row =>
        {
            getter(ref vector);
            var old = read(row);
            var array = old?.Length == vector.Length ? old : new TItem[vector.Length];
            vector.CopyTo(array);
            write(row, array);
        };
    }

    private static Action<TRow> FillVector<TRow, TItem>(RowMember member, DataViewRow source, DataViewSchema.Column column)
    {
        var read = member.Reader<TRow, VBuffer<TItem>>();
        var write = member.Writer<TRow, VBuffer<TItem>>();
        var getter = source.GetGetter<VBuffer<TItem>>(column);
        return row =>
        {
            var vector = read(row);
            getter(ref vector);
            write(row, vector);
        };
    }

    private static Action<TRow> FillValue<TRow, TValue>(RowMember member, DataViewRow source, DataViewSchema.Column column)
    {
        var write = member.Writer<TRow, TValue>();
        var getter = source.GetGetter<TValue>(column);
        return row =>
        {
            var value = default(TValue)!;
            getter(ref value);
            write(row, value);
        };
    }

    private static TItem[] Sized<TItem>(RowMember member, TItem[]? array)
    {
        CheckSize(member, array?.Length ?? 0);
        return array ?? [];
    }

    private static void CheckSize(RowMember member, int length)
    {
        if (member.Type is VectorDataViewType { IsKnownSize: true } vector && vector.Size != length)
        {
            throw new InvalidOperationException($"column '{member.Name}' is {member.Type}, but a row holds {length} items: correct [VectorType] or the row");
        }
    }
}
