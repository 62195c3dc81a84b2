using System.Text.Json.Nodes;

namespace MLNetCnn.Pipelines;

/// <summary>A transformer or column type that a model file can hold as its kind and parameters.</summary>
public interface ICanSaveModel
{
    /// <summary>The name under which it is written and found again.</summary>
    string SavedKind { get; }

    /// <summary>Everything that makes it again, as JSON.</summary>
    JsonObject SaveParameters();
}

/// <summary>What can be made again from its parameters alone; <see cref="LoadableAttribute{T}"/> makes it known.</summary>
public interface ILoadable<TSelf> : ICanSaveModel
    where TSelf : class, ILoadable<TSelf>
{
    /// <summary>The name under which it is written and found again: unique, and never changed once models hold it.</summary>
    static abstract string Kind { get; }

    string ICanSaveModel.SavedKind => TSelf.Kind;

    /// <summary>Makes it again.</summary>
    /// <exception cref="InvalidDataException">A parameter is missing or of another type.</exception>
    static abstract TSelf Load(JsonObject parameters);
}

/// <summary>Reads parameters.</summary>
public static class SavedParameters
{
    /// <summary>The parameter called <paramref name="name"/>.</summary>
    /// <exception cref="InvalidDataException">It is missing or not a <typeparamref name="T"/>.</exception>
    public static T Required<T>(this JsonObject parameters, string name)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        try
        {
            var node = parameters[name];
            if (node is not null && (node is T value ? value : System.Text.Json.JsonSerializer.Deserialize<T>(node)) is { } found)
            {
                return found;
            }
        }
        catch (System.Text.Json.JsonException)
        {
            // Named below, with the rule.
        }

        throw new InvalidDataException($"the saved parameter '{name}' is {parameters[name]?.ToJsonString() ?? "missing"}, but must be {ClrTypeName.Of(typeof(T))}: the model is damaged or of another version");
    }
}
