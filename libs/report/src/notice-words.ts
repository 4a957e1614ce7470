/** What a notice before collection says beside the labels of the packs, once for each language. */
import type { Language, OpenClause } from '#packs';
import type { Text } from './words.js';

export interface NoticeWords {
  readonly title: string;
  readonly tagline: string;
  readonly refusable: string;
  readonly purposes: string;
  readonly grounds: string;
  readonly anyPurpose: string;
  readonly none: string;
  readonly leastAge: Text<'years'>;
  readonly representative: string;
  readonly identifiesNobody: string;
  /** Before what the policy leaves open, each by its kind. */
  readonly leftOpen: string;
  readonly open: Readonly<Record<OpenClause['of'], string>>;
  /** Headings where no law has any. */
  readonly element: Readonly<Record<'data' | 'grounds-purposes' | 'third-parties' | 'other-use', string>>;
}

export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = {
  ky: {
    title: 'Маалыматыңыз чогултулганга чейинки билдирүү',
    tagline: 'Сиз жөнүндө эмне чогултулат, эмне үчүн, кайсы негизде жана ким менен бөлүшүлүшү мүмкүн.',
    refusable: 'Ар бир маалыматты берүүдөн себебин айтпай баш тарта аласыз.',
    purposes: 'Максаттар',
    grounds: 'Негиздер',
    anyPurpose: 'төмөнкү максаттардын каалаганы үчүн',
    none: 'Саясатта бул жөнүндө эч нерсе айтылган эмес.',
    leastAge: 'Макулдук берүүнүн эң төмөнкү жашы, толук жыл менен: {years}.',
    representative: 'Өзү макулдук бере албаган адам үчүн аны мыйзамдуу өкүлү берет.',
    identifiesNobody: 'саясат боюнча эч кимди аныктабайт',
    leftOpen: 'Саясат буларды ачык калтырат; пайдаланганда себеби жазуу жүзүндө көрсөтүлөт.',
    open: {
      items: 'башка маалыматтар',
      purposes: 'башка максаттар',
      recipients: 'башка алуучулар',
      sources: 'башка булактар',
      cookies: 'башка cookie файлдары',
      operations: 'башка аракеттер',
      transfers: 'өткөрүп берүүнүн башка учурлары',
    },
    element: {
      data: 'Чогултулган маалыматтар',
      'grounds-purposes': 'Негиздер жана максаттар',
      'third-parties': 'Үчүнчү жактарга берүү',
      'other-use': 'Башка пайдалануу',
    },
  },
  kk: {
    title: 'Деректеріңіз жиналғанға дейінгі хабарлама',
    tagline: 'Сіз туралы не жиналады, не үшін, қандай негізде және кіммен бөлісілуі мүмкін.',
    refusable: 'Кез келген деректі беруден себебін айтпай бас тарта аласыз.',
    purposes: 'Мақсаттар',
    grounds: 'Негіздер',
    anyPurpose: 'төмендегі мақсаттардың кез келгені үшін',
    none: 'Саясатта бұл туралы ештеңе айтылмаған.',
    leastAge: 'Келісім берудің ең төменгі жасы, толық жылмен: {years}.',
    representative: 'Өзі келісім бере алмайтын адам үшін оны заңды өкілі береді.',
    identifiesNobody: 'саясат бойынша ешкімді анықтамайды',
    leftOpen: 'Саясат мұны ашық қалдырады; пайдаланғанда себебі жазбаша көрсетіледі.',
    open: {
      items: 'өзге деректер',
      purposes: 'өзге мақсаттар',
      recipients: 'өзге алушылар',
      sources: 'өзге дереккөздер',
      cookies: 'өзге cookie файлдары',
      operations: 'өзге әрекеттер',
      transfers: 'берудің өзге жағдайлары',
    },
    element: {
      data: 'Жиналатын деректер',
      'grounds-purposes': 'Негіздер мен мақсаттар',
      'third-parties': 'Үшінші тұлғаларға беру',
      'other-use': 'Өзге пайдалану',
    },
  },
  ru: {
    title: 'Уведомление до сбора ваших данных',
    tagline: 'Что о вас собирается, для чего, на каком основании и кому это может быть передано.',
    refusable: 'Вы можете отказаться дать любые из этих данных, не называя причин.',
    purposes: 'Цели',
    grounds: 'Основания',
    anyPurpose: 'для любой из целей ниже',
    none: 'Политика об этом не говорит.',
    leastAge: 'Наименьший возраст для согласия, полных лет: {years}.',
    representative: 'За лицо, которое не вправе дать согласие само, его даёт законный представитель.',
    identifiesNobody: 'по политике никого не идентифицирует',
    leftOpen: 'Политика оставляет это открытым; при использовании указывают письменную причину.',
    open: {
      items: 'иные данные',
      purposes: 'иные цели',
      recipients: 'иные получатели',
      sources: 'иные источники',
      cookies: 'иные файлы cookie',
      operations: 'иные действия',
      transfers: 'иные случаи передачи',
    },
    element: {
      data: 'Собираемые данные',
      'grounds-purposes': 'Основания и цели',
      'third-parties': 'Передача третьим лицам',
      'other-use': 'Иное использование',
    },
  },
  en: {
    title: 'Notice before your data is collected',
    tagline: 'What is collected about you, for what, on what grounds, and with whom it may be shared.',
    refusable: 'You may refuse to give any of this data, without giving reasons.',
    purposes: 'Purposes',
    grounds: 'Grounds',
    anyPurpose: 'for any of the purposes below',
    none: 'The policy says nothing of this.',
    leastAge: 'Least age for giving consent, in full years: {years}.',
    representative: 'For a person who may not consent, the legal representative does.',
    identifiesNobody: 'by the policy it identifies nobody',
    leftOpen: 'The policy leaves this open; whoever uses it gives a written reason.',
    open: {
      items: 'other data',
      purposes: 'other purposes',
      recipients: 'other recipients',
      sources: 'other sources',
      cookies: 'other cookies',
      operations: 'other operations',
      transfers: 'other cases of transfer',
    },
    element: {
      data: 'Data that is collected',
      'grounds-purposes': 'Grounds and purposes',
      'third-parties': 'Transfer to third parties',
      'other-use': 'Other use',
    },
  },
};
