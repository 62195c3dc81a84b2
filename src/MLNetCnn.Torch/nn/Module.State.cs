namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>The parameters and persistent buffers themselves (no copies), by name, in PyTorch's names and order.</summary>
            /// <param name="destination">A dictionary to add to; a new one by default.</param>
            /// <param name="prefix">What the names start with.</param>
            public Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                prefix ??= "";
                foreach (var (name, parameter) in _ownParameters)
                {
                    destination[Join(prefix, name)] = parameter;
                }

                foreach (var (name, (buffer, persistent)) in _ownBuffers)
                {
                    if (persistent)
                    {
                        destination[Join(prefix, name)] = buffer;
                    }
                }

                foreach (var (name, module) in _ownModules)
                {
                    module.state_dict(destination, Join(prefix, name));
                }

                return destination;
            }

            /// <summary>Copies <paramref name="source"/> into the parameters and buffers of the same names, converted to their types and devices.</summary>
            /// <param name="source">Tensors by name; the caller keeps them.</param>
            /// <param name="strict">Whether every name has to be on both sides.</param>
            /// <returns>The names that the source lacks, and those that it has too many.</returns>
            /// <exception cref="ArgumentException">A shape differs, or names do and <paramref name="strict"/>: all of them, in one message; nothing was copied.</exception>
            public (IList<string> missing_keys, IList<string> unexpected_keys) load_state_dict(IReadOnlyDictionary<string, Tensor> source, bool strict = true)
            {
                var own = state_dict();
                var missing = own.Keys.Where(name => !source.ContainsKey(name)).ToList();
                var unexpected = source.Keys.Where(name => !own.ContainsKey(name)).ToList();
                var misshapen = own.Where(entry => source.TryGetValue(entry.Key, out var given) && !given.shape.SequenceEqual(entry.Value.shape)).ToList();
                if (misshapen.Count > 0 || (strict && missing.Count + unexpected.Count > 0))
                {
                    var problems = new List<string>();
                    AddProblem(problems, "missing", strict ? missing : []);
                    AddProblem(problems, "unexpected", strict ? unexpected : []);
                    AddProblem(problems, "of another shape", misshapen.Select(entry => $"{entry.Key} ([{string.Join(", ", source[entry.Key].shape)}] given, [{string.Join(", ", entry.Value.shape)}] needed)"));
                    throw new ArgumentException($"the state does not fit {Name}: {string.Join("; ", problems)}");
                }

                using (no_grad())
                {
                    foreach (var (name, tensor) in own)
                    {
                        if (source.TryGetValue(name, out var given))
                        {
                            tensor.copy_(given);
                        }
                    }
                }

                return (missing, unexpected);
            }

            /// <summary>Converts parameters and buffers; they keep their identity, and with it their place in an optimizer.</summary>
            internal void Convert(ScalarType? dtype, Device? device, memory_format? format)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                foreach (var tensor in parameters().Concat(buffers()))
                {
                    var type = tensor.is_floating_point() ? dtype : null;
                    var layout = tensor.dim() == 4 ? format : null;
                    tensor.SetData(tensor.to(type, device, layout));
                    if (tensor.grad is { } grad)
                    {
                        tensor.grad = grad.to(type, device, layout);
                    }
                }
            }

            private static void AddProblem(List<string> problems, string kind, IEnumerable<string> names)
            {
                var list = string.Join(", ", names);
                if (list.Length > 0)
                {
                    problems.Add($"{kind}: {list}");
                }
            }
        }
    }
}

/// <summary>What returns a module of its own type.</summary>
public static class ModuleExtensions
{
    /// <summary>Moves the module's parameters and buffers to <paramref name="device"/>.</summary>
    /// <returns>The module.</returns>
    public static T to<T>(this T module, torch.Device device)
        where T : torch.nn.Module => module.to(null, device, null);

    /// <summary>Converts the module's floating-point parameters and buffers to <paramref name="dtype"/>.</summary>
    /// <returns>The module.</returns>
    public static T to<T>(this T module, torch.ScalarType dtype)
        where T : torch.nn.Module => module.to(dtype, null, null);

    /// <summary>Lays out the module's 4-dimensional parameters and buffers as <paramref name="memory_format"/>.</summary>
    /// <returns>The module.</returns>
    public static T to<T>(this T module, torch.memory_format memory_format)
        where T : torch.nn.Module => module.to(null, null, memory_format);

    /// <summary>Converts, moves and lays out the module's parameters and buffers; null keeps what is.</summary>
    /// <returns>The module.</returns>
    public static T to<T>(this T module, torch.ScalarType? dtype, torch.Device? device, torch.memory_format? memory_format)
        where T : torch.nn.Module
    {
        module.Convert(dtype, device, memory_format);
        return module;
    }
}
