namespace MLNetCnn.Torch.Modules;

/// <summary>A tensor that a module learns. Belongs to its module, not to a dispose scope.</summary>
public sealed class Parameter : torch.Tensor
{
    /// <summary>A parameter on the data of <paramref name="data"/>, which the caller may dispose.</summary>
    /// <param name="data">The first value.</param>
    /// <param name="requires_grad">Whether gradients are wanted: false freezes it.</param>
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base(Detached(data), scoped: false) => this.requires_grad = requires_grad;

    private static nint Detached(torch.Tensor data)
    {
        Check(mnc_detach(data, out var handle));
        return handle;
    }
}
