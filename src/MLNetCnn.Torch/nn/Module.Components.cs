using System.Reflection;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Names a field's module, parameter or buffer otherwise than the field.</summary>
        [AttributeUsage(AttributeTargets.Field)]
        public sealed class ComponentNameAttribute : Attribute
        {
            /// <summary>The name in <c>state_dict</c>.</summary>
            public required string Name { get; init; }
        }

        public abstract partial class Module
        {
            /// <summary>
            /// Registers what the fields of this object hold, in the order of their declaration, base classes first: modules,
            /// parameters, and other tensors as buffers. Call it last in the constructor.
            /// </summary>
            protected void RegisterComponents()
            {
                foreach (var type in Hierarchy().Reverse())
                {
                    var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
                    foreach (var field in fields.OrderBy(field => field.MetadataToken))
                    {
                        Register(ComponentName(field), field.GetValue(this));
                    }
                }
            }

            private void Register(string name, object? value)
            {
                if (IsTaken(name))
                {
                    return;
                }

                switch (value)
                {
                    case Module module:
                        register_module(name, module);
                        break;
                    case Modules.Parameter parameter:
                        register_parameter(name, parameter);
                        break;
                    case Tensor tensor:
                        register_buffer(name, tensor);
                        break;
                }
            }

            private IEnumerable<Type> Hierarchy()
            {
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    yield return type;
                }
            }

            /// <summary>A field's name, or that of the property behind which the compiler made it.</summary>
            private static string ComponentName(FieldInfo field) =>
                field.GetCustomAttribute<ComponentNameAttribute>()?.Name
                ?? (field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name);
        }
    }
}
