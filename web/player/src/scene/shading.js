// How surfaces are lit: a bright sky, light reflected by the floor, one soft sun. Cheaper than vtk.js's sum of
// lights with a highlight each, and closer to a product picture; what is drawn in software needs it cheap.

/** Directions light comes from; the renderer has a light for each, so that the shader is given them in view space. */
export const SUN = [-0.42, -0.62, 0.95];
export const SKY = [0, 0, 1];

const LIGHTING = `
  vec3 towardsSun = -lightDirectionVC0;
  float up = 0.5 - 0.5 * dot(normalVCVSOutput, lightDirectionVC1);
  // The view turns with the camera: a little light from where one looks keeps faces apart that the sun leaves alone.
  vec3 towardsEye = normalize(-vertexVC.xyz);
  float facing = max(dot(normalVCVSOutput, towardsEye), 0.0);
  float sun = max(dot(normalVCVSOutput, towardsSun), 0.0);
  vec3 around = mix(vec3(0.36, 0.35, 0.34), vec3(0.66, 0.68, 0.70), up);
  float shine = max(dot(reflect(lightDirectionVC0, normalVCVSOutput), towardsEye), 0.0);
  vec3 lit = diffuse * diffuseColor * (around + 0.14 * facing + sun * vec3(0.40, 0.39, 0.375));
  lit += specularColor * pow(shine, specularPower);
`;
/** The dark page is an evening: less light on everything, but for what gives light itself. */
const EVENING = "lit *= vec3(0.55, 0.58, 0.63);\n";
const OWN_LIGHT = "lit += ambient * ambientColor;\n";
/** Selected: its own colours through a cyan that no part of a station has, strongest at its outline. */
const SELECTED = "lit = mix(lit, vec3(0.0, 0.84, 0.90), 0.40 + 0.55 * pow(1.0 - facing, 2.0));\n";
/** Cut open: what is seen from inside is a cut. */
const CUT = "if (!gl_FrontFacing) lit = vec3(0.86, 0.36, 0.24);\n";
/** Inferred: pale, and hatched across the picture; it is told by its pattern, not by a colour. */
const INFERRED = `
  float grey = dot(lit, vec3(0.30, 0.59, 0.11));
  float stripe = step(0.5, fract((gl_FragCoord.x + gl_FragCoord.y) / 14.0));
  lit = mix(mix(lit, vec3(grey), 0.7), mix(vec3(0.20, 0.24, 0.30), vec3(0.96), stripe), 0.38);
`;
/** Unknown: a pale screen of dots that lets through what is behind it. */
const UNKNOWN = `
  if (mod(floor(gl_FragCoord.x / 2.0) + floor(gl_FragCoord.y / 2.0), 2.0) < 1.0) discard;
  lit = mix(vec3(dot(lit, vec3(0.30, 0.59, 0.11))), vec3(0.78, 0.82, 0.88), 0.45);
`;
const BY_STATE = ["", INFERRED, UNKNOWN];
const SOLID = "gl_FragData[0] = vec4(lit, opacity);\n";
/** See-through: the outline stays readable, the middle lets through. */
const GHOST = "gl_FragData[0] = vec4(mix(lit, vec3(0.36, 0.55, 0.80), 0.55), 0.06 + 0.36 * pow(1.0 - facing, 1.5));\n";

/** The same part in the other log: an orange that red-green blindness tells from the blue of what is seen through. */
const OTHER = "gl_FragData[0] = vec4(mix(lit, vec3(0.95, 0.48, 0.02), 0.85), 0.30 + 0.50 * pow(1.0 - facing, 1.5));\n";

/** Let a mapper draw with this lighting; `known` is how well it is known where the part is (known.js). Needs both lights in the renderer, and a normal at every point. */
export function shade(mapper, { evening = false, selected = false, cut = false, ghost = false, other = false, known = 0 } = {}) {
  const lighting = [
    LIGHTING, BY_STATE[known], evening && EVENING, OWN_LIGHT, selected && SELECTED, cut && CUT, other ? OTHER : ghost ? GHOST : SOLID,
  ].filter(Boolean).join("");
  mapper.setViewSpecificProperties({
    OpenGL: {
      ShaderReplacements: [
        {
          shaderType: "Fragment",
          originalValue: "//VTK::Light::Impl",
          replaceFirst: true,
          replacementValue: lighting,
          replaceAll: false,
        },
      ],
    },
  });
  mapper.modified();
}
