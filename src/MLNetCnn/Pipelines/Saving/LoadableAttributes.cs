namespace MLNetCnn.Pipelines;

/// <summary>Names, on an assembly, something that models are loaded with; see <see cref="ComponentCatalog.RegisterAssembly"/>.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public abstract class LoadableComponentAttribute : Attribute
{
    /// <summary>Enters it into <paramref name="catalog"/>.</summary>
    public abstract void Register(ComponentCatalog catalog);
}

/// <summary>Names a transformer or column type: <c>[assembly: Loadable&lt;ColumnCopyingTransformer&gt;]</c>.</summary>
/// <typeparam name="T">The transformer or type.</typeparam>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class LoadableAttribute<T> : LoadableComponentAttribute
    where T : class, ILoadable<T>
{
    /// <inheritdoc/>
    public override void Register(ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        catalog.Register(T.Kind, T.Load);
    }
}

/// <summary>Names a model format: <c>[assembly: LoadableModelFormat&lt;MyFormat&gt;]</c>.</summary>
/// <typeparam name="T">The format.</typeparam>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class LoadableModelFormatAttribute<T> : LoadableComponentAttribute
    where T : IModelFormat, new()
{
    /// <inheritdoc/>
    public override void Register(ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        catalog.RegisterModelFormat(new T());
    }
}
