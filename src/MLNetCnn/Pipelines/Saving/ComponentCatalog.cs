using System.Reflection;
using System.Text.Json.Nodes;

[assembly: Loadable<ColumnCopyingTransformer>]
[assembly: Loadable<ColumnSelectingTransformer>]
[assembly: Loadable<ValueToKeyMappingTransformer>]
[assembly: Loadable<KeyToValueMappingTransformer>]

namespace MLNetCnn.Pipelines;

/// <summary>
/// What models are saved and loaded with: the kinds of step and column type that can be made again, and the model formats. A new
/// one knows those of this library.
/// </summary>
public sealed class ComponentCatalog
{
    private readonly Dictionary<string, Func<JsonObject, object>> _loaders = new(StringComparer.Ordinal);
    private readonly List<IModelFormat> _formats = [];
    private readonly HashSet<Assembly> _assemblies = [];

    /// <summary>Creates a catalog of this library's own kinds and formats.</summary>
    public ComponentCatalog() => RegisterAssembly(typeof(ComponentCatalog).Assembly);

    private ComponentCatalog(ComponentCatalog other)
    {
        _loaders = new(other._loaders, StringComparer.Ordinal);
        _formats = [.. other._formats];
        _assemblies = [.. other._assemblies];
    }

    /// <summary>The model formats, in the order in which they are tried.</summary>
    public IReadOnlyList<IModelFormat> ModelFormats => _formats;

    /// <summary>Makes known what the assembly names with <see cref="LoadableAttribute{T}"/> and <see cref="LoadableModelFormatAttribute{T}"/>; a second time does nothing.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="throwOnError">False leaves kinds that are known already as they are.</param>
    /// <exception cref="ArgumentException">A kind is known already.</exception>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        if (_assemblies.Add(assembly))
        {
            foreach (var component in assembly.GetCustomAttributes<LoadableComponentAttribute>())
            {
                try
                {
                    component.Register(this);
                }
                catch (ArgumentException) when (!throwOnError)
                {
                }
            }
        }
    }

    /// <summary>Makes one kind known.</summary>
    /// <exception cref="ArgumentException">The kind is known already.</exception>
    public void Register(string kind, Func<JsonObject, object> load)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(load);
        if (!_loaders.TryAdd(kind, load))
        {
            throw new ArgumentException($"the kind '{kind}' is known already: choose another name", nameof(kind));
        }
    }

    /// <summary>Makes a model format known.</summary>
    public void RegisterModelFormat(IModelFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        _formats.Add(format);
    }

    /// <summary>
    /// A catalog that knows one more kind: for a step whose parameters do not suffice, because the rest of it lies elsewhere in
    /// the model (weights, a graph). <paramref name="load"/> brings that along.
    /// </summary>
    public ComponentCatalog With(string kind, Func<JsonObject, object> load)
    {
        var catalog = new ComponentCatalog(this);
        catalog.Register(kind, load);
        return catalog;
    }

    /// <summary>Writes a step or column type as <c>{ "kind": …, "parameters": { … } }</c>.</summary>
    /// <exception cref="InvalidOperationException">It is no <see cref="ICanSaveModel"/>.</exception>
    public static JsonObject Save(object component)
    {
        ArgumentNullException.ThrowIfNull(component);
        return component is ICanSaveModel saved
            ? new JsonObject { ["kind"] = saved.SavedKind, ["parameters"] = saved.SaveParameters() }
            : throw new InvalidOperationException($"{component.GetType().Name} cannot be saved in a model: leave it out of the saved chain, or make it an ILoadable");
    }

    /// <summary>Makes again what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The kind is unknown, or is no <typeparamref name="T"/>.</exception>
    public T Load<T>(JsonObject saved)
        where T : class
    {
        var kind = saved.Required<string>("kind");
        return !_loaders.TryGetValue(kind, out var load)
            ? throw new InvalidDataException(
                $"the model holds a '{kind}', which is not known here (known: {string.Join(", ", _loaders.Keys.Order(StringComparer.Ordinal))}): register the assembly that defines it with mlContext.ComponentCatalog.RegisterAssembly")
            : load(saved.Required<JsonObject>("parameters")) as T
                ?? throw new InvalidDataException($"the model holds a '{kind}' where a {typeof(T).Name} belongs");
    }
}
