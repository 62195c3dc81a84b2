using System.Globalization;
using System.Text.Json;

namespace MLNetCnn.Data;

// What files of the user's own names and values need.
internal sealed partial class StrictJson
{
    /// <summary>A finite number that must be there.</summary>
    public double Number(string field)
    {
        if (Find(field, JsonValueKind.Number, "a number", required: true) is not { } value)
        {
            return 0;
        }

        if (value.TryGetDouble(out var number) && double.IsFinite(number))
        {
            return number;
        }

        Problem(field, $"{value.GetRawText()} is too large for a number");
        return 0;
    }

    /// <summary>A number, a text, true or false; null where the field is absent or none of these.</summary>
    public JsonElement? OptionalScalar(string field) =>
        _known.Add(field) && _element.TryGetProperty(field, out var value) && IsScalar(value, $"{Path}.{field}") ? value.Clone() : null;

    /// <summary>A list of numbers, texts, true and false that must be there.</summary>
    public IReadOnlyList<JsonElement> Scalars(string field)
    {
        if (Find(field, JsonValueKind.Array, "a list", required: true) is not { } list)
        {
            return [];
        }

        return [.. list.EnumerateArray().Index()
            .Where(item => IsScalar(item.Item, string.Create(CultureInfo.InvariantCulture, $"{Path}.{field}[{item.Index}]")))
            .Select(item => item.Item.Clone())];
    }

    private bool IsScalar(JsonElement value, string path)
    {
        var scalar = value.ValueKind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False;
        if (!scalar)
        {
            _problems.Add($"{path}: {Describe(value)} where a number, a text, true or false is expected");
        }

        return scalar;
    }

    /// <summary>The names of the object's fields, where they are the user's own.</summary>
    public IReadOnlyList<string> FieldNames => [.. _element.EnumerateObject().Select(property => property.Name)];
}
