namespace MLNetCnn.Torch;

/// <summary>
/// libtorch for C#, in TorchSharp's names and signatures: tensors, automatic differentiation, layers, losses, optimizers.
/// <c>using static MLNetCnn.Torch.torch;</c> brings them all into scope.
/// </summary>
public static partial class torch
{
    /// <summary>Building blocks of networks: layers, losses and the modules that hold them.</summary>
    public static partial class nn
    {
        /// <summary>The layers as functions, without state.</summary>
        public static partial class functional
        {
        }
    }
}
