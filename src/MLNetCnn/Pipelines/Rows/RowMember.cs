using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;

namespace MLNetCnn.Pipelines;

/// <summary>A public field or property of a row class, as the column that it is.</summary>
internal sealed class RowMember
{
    private readonly MemberInfo _member;
    private Delegate? _reader;
    private Delegate? _writer;

    private RowMember(MemberInfo member)
    {
        _member = member;
        MemberType = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
        Name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
        Type = TypeOf(member, MemberType);
    }

    public string Name { get; }

    public Type MemberType { get; }

    public DataViewType Type { get; private init; }

    public DataViewSchema.Annotations Annotations { get; private init; } = DataViewSchema.Annotations.Empty;

    /// <summary>The members that are columns to be read from a row object: fields, then readable properties.</summary>
    public static IReadOnlyList<RowMember> Readable(Type rowType) => Members(rowType, property => property.GetGetMethod() is not null, _ => true);

    /// <summary>The members that are columns to be written into a row object: writable fields, then writable properties.</summary>
    public static IReadOnlyList<RowMember> Writable(Type rowType) => Members(rowType, property => property.GetSetMethod() is not null, field => !field.IsInitOnly);

    /// <summary>The member with the type (size, key count) and annotations that <paramref name="schema"/> gives its column.</summary>
    public RowMember As(DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(Name) is not { } column)
        {
            return this;
        }

        return column.Type.RawType == Type.RawType
            ? new RowMember(_member) { Type = column.Type, Annotations = column.Annotations }
            : throw new InvalidOperationException(
                $"the schema says {column.Type} for column '{Name}', but {_member.DeclaringType?.Name}.{_member.Name} is {ClrTypeName.Of(MemberType)} ({Type}): give both the same type");
    }

    public Func<TRow, TMember> Reader<TRow, TMember>()
    {
        var row = Expression.Parameter(typeof(TRow));
        return (Func<TRow, TMember>)(_reader ??= Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, _member), row).Compile());
    }

    public Action<TRow, TMember> Writer<TRow, TMember>()
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TMember));
        return (Action<TRow, TMember>)(_writer ??= Expression.Lambda<Action<TRow, TMember>>(
            Expression.Assign(Expression.MakeMemberAccess(row, _member), value), row, value).Compile());
    }

    private static RowMember[] Members(Type rowType, Func<PropertyInfo, bool> property, Func<FieldInfo, bool> field)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        var members = rowType.GetFields(Public).Where(field).Cast<MemberInfo>()
            .Concat(rowType.GetProperties(Public).Where(item => item.GetIndexParameters().Length == 0).Where(property))
            .Where(member => member.GetCustomAttribute<NoColumnAttribute>() is null)
            .Select(member => new RowMember(member)).ToArray();
        var twice = members.GroupBy(member => member.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? members : throw new InvalidOperationException(
            $"two members of {rowType.Name} are column '{twice.Key}': give one another [ColumnName] or mark it [NoColumn]");
    }

    private static DataViewType TypeOf(MemberInfo member, Type memberType)
    {
        if (member.GetCustomAttribute<DataViewTypeAttribute>() is { } custom)
        {
            return custom.CreateType(memberType);
        }

        var dimensions = member.GetCustomAttribute<VectorTypeAttribute>()?.Dimensions;
        var clrItem = memberType.IsArray ? memberType.GetElementType()!
            : memberType.IsGenericType && memberType.GetGenericTypeDefinition() == typeof(VBuffer<>) ? memberType.GetGenericArguments()[0]
            : null;
        var item = PrimitiveDataViewType.FromClrType(clrItem ?? memberType);
        if (item is not null && member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            item = KeyDataViewType.IsValidDataType(item.RawType)
                ? new KeyDataViewType(item.RawType, key.Count > 0 ? key.Count : KeyDataViewType.Largest(item.RawType))
                : throw Unsuited("[KeyType] is for byte, ushort, uint and ulong members");
        }

        return item is null ? throw Unsuited("a column is text, bool, a number, or an array of them; mark other members [NoColumn]")
            : clrItem is not null ? new VectorDataViewType(item, dimensions is { Count: > 0 } ? [.. dimensions] : ImmutableArray.Create(0))
            : dimensions is not null ? throw Unsuited("[VectorType] is for arrays and VBuffer members")
            : item;

        InvalidOperationException Unsuited(string rule) =>
            new($"{member.DeclaringType?.Name}.{member.Name} is {ClrTypeName.Of(memberType)}: {rule}");
    }
}
