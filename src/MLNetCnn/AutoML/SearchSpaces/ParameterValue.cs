using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;


namespace MLNetCnn.AutoML;

/// <summary>One value of a <see cref="Parameter"/>: a whole number, a number, true or false, or a text.</summary>
/// <remarks>Two values are equal where their JSON is: 3 and 3.0 are one value.</remarks>
public readonly struct ParameterValue : IEquatable<ParameterValue>
{
    private readonly string? _json;

    private ParameterValue(object value, string json) => (Value, _json) = (value, json);

    /// <summary>A <see cref="long"/>, a <see cref="double"/>, a <see cref="bool"/> or a <see cref="string"/>.</summary>
    public object Value { get; }

    /// <summary>A number.</summary>
    /// <param name="value">Finite.</param>
    public static ParameterValue FromDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "a parameter is a finite number");
        }

        return new(value, value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>A whole number.</summary>
    public static ParameterValue FromInt(long value) => new(value, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>True or false.</summary>
    public static ParameterValue FromBool(bool value) => new(value, value ? "true" : "false");

    /// <summary>A text.</summary>
    public static ParameterValue FromString(string value) => new(value, JsonSerializer.Serialize(value));

    /// <summary>A value of code: a number, true or false, a text, or an enumeration's value (its name in camelCase).</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static ParameterValue From(object value) => value switch
    {
        ParameterValue same => same,
        bool flag => FromBool(flag),
        string text => FromString(text),
        byte or short or int or long => FromInt(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        // The shortest decimal of a single: 0.1f is 0.1, not 0.10000000149011612.
        float single => FromDouble(double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        double number => FromDouble(number),
        Enum word => FromString(JsonNamingPolicy.CamelCase.ConvertName(word.ToString())),
        _ => throw new ArgumentException($"{value} can't be a parameter: give a number, true or false, or a text", nameof(value)),
    };

    /// <summary>Reads a JSON scalar.</summary>
    /// <exception cref="ArgumentException">It is null, an object or a list.</exception>
    public static ParameterValue From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => FromBool(json.GetBoolean()),
        JsonValueKind.String => FromString(json.GetString()!),
        JsonValueKind.Number when json.TryGetInt64(out var whole) => FromInt(whole),
        JsonValueKind.Number => FromDouble(json.GetDouble()),
        _ => throw new ArgumentException($"{json.GetRawText()} can't be a parameter: give a number, true or false, or a text", nameof(json)),
    };

    /// <summary>The value as a type of code: a number, <see cref="bool"/>, <see cref="string"/> or an enumeration (by its name).</summary>
    /// <exception cref="InvalidOperationException">It is of another kind, such as 0.5 where a whole number is asked for.</exception>
    public T AsType<T>()
    {
        if (Value is T same)
        {
            return same;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(ToString(), RecordJson.Options)!;
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"the parameter's value {this} is no {typeof(T).Name}", error);
        }
    }

    /// <summary>The value as a JSON scalar.</summary>
    public JsonNode ToJson() => JsonNode.Parse(ToString())!;

    /// <summary>The value as the text of a JSON scalar.</summary>
    public override string ToString() => _json ?? "null";

    /// <inheritdoc/>
    public bool Equals(ParameterValue other) => _json == other._json;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ParameterValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _json?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>Whether two values are equal.</summary>
    public static bool operator ==(ParameterValue left, ParameterValue right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    public static bool operator !=(ParameterValue left, ParameterValue right) => !left.Equals(right);
}
